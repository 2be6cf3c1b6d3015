#include "fer/predict/session_parts.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "fer/core/address.h"
#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/source/open_source.h"

namespace fer::predict {

namespace fs = std::filesystem;

namespace {

// Each detector holds its network and a frame, so more of them would take memory, and one source
// could not keep them busy.
constexpr int kMostDetectors = 8;

// `argument`: of a camera or stream.
void check_camera(const std::string& argument, const SessionOptions& options) {
  if (options.sources.size() > 1) {
    throw Error(without_passwords(argument) + ": a camera or stream must be the only source");
  }
  if (options.reading.shard.whole()) return;
  throw OptionError("shard",
                    without_passwords(argument) +
                        ": a camera or stream cannot be divided into shards; only files can");
}

}  // namespace

Sources open_sources(const SessionOptions& options, std::istream& names,
                     std::function<bool()> stopped, Log& log) {
  source::SourceOptions reading = options.reading;
  reading.stopped = std::move(stopped);
  reading.notice = [&log](const std::string& text) { log.warn(text); };
  reading.remark = [&log](const std::string& text) { log.info(text); };
  Sources sources;
  for (const std::string& argument : options.sources) {
    auto source = source::open_source(argument, reading, names);
    const source::SourceKind kind = source->kind();
    if (kind == source::SourceKind::camera) check_camera(argument, options);
    // A source of many files picks those of its shard itself.
    if (kind == source::SourceKind::files || reading.shard.takes(argument)) {
      sources.push_back(std::move(source));
    }
  }
  return sources;
}

bool is_live(const Sources& sources) {
  // A shard may have no source at all.
  return !sources.empty() && std::all_of(sources.begin(), sources.end(), [](const auto& source) {
    return source->kind() == source::SourceKind::camera;
  });
}

std::size_t detector_count(const SessionOptions& options, const Sources& sources) {
  if (options.detector.name == "none") return 1;  // nothing is searched
  const bool single = sources.size() == 1 && sources.front()->kind() == source::SourceKind::image;
  return single ? 1 : static_cast<std::size_t>(std::clamp(options.threads, 1, kMostDetectors));
}

std::unique_ptr<FaceFinder> open_finder(const SessionOptions& options, const WantedFaces& wanted,
                                        std::size_t detectors, Log& log) {
  const detect::DetectorChoice choice = detect::choose_detector(options.detector);
  if (!choice.reason.empty()) log.info("detector " + choice.name + ": " + choice.reason);
  FindOptions find{.crop = usual_crop(choice.name),
                   .wanted = wanted,
                   .small_faces = options.small_faces,
                   .track = options.track};
  if (options.crop_factor > 0.0) find.crop.factor = options.crop_factor;
  find.crop.align = options.align;
  return std::make_unique<FaceFinder>([choice] { return detect::open_detector(choice); }, detectors,
                                      find);
}

std::unique_ptr<output::AnnotatedOutput> open_output(const SessionOptions& options,
                                                     const Sources& sources, Log& log) {
  if (options.output.empty()) return nullptr;
  // All shards write into the same folder, also a shard with a single source.
  const bool single = sources.size() == 1 && options.reading.shard.whole();
  const source::SourceKind kind = single ? sources.front()->kind() : source::SourceKind::files;
  auto output = output::open_annotated_output(options.output, kind);
  std::error_code ignored;
  if (fs::is_regular_file(options.output, ignored)) {
    log.warn(options.output.string() + " is replaced");
  }
  return output;
}

std::optional<output::FramePlayer> open_player(const SessionOptions& options, bool live,
                                               std::function<bool()> stopped, Log& log) {
  if (options.window.empty()) return std::nullopt;
  try {
    return output::FramePlayer(output::open_window(options.window, std::move(stopped)), live);
  } catch (const Error& reason) {
    log.warn(option("show") + ": " + reason.what() + "; going on without a window");
    return std::nullopt;
  }
}

}  // namespace fer::predict
