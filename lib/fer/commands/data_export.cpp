#include "fer/commands/data_export.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>

#include "fer/commands/exit_code.h"
#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/core/parallel.h"
#include "fer/core/text.h"
#include "fer/data/image_folder.h"
#include "fer/data/open_data.h"
#include "fer/report/png_bytes.h"

namespace fer::commands {

void DataExportOptions::visit(OptionVisitor& visitor) {
  data.visit_sets(visitor);
  visitor.group("Output");
  visitor.field(Field("output",
                      "Folder to write SPLIT/CLASS/NUMBER.png into, or CLASS/NUMBER.png for a set "
                      "without splits; an existing folder is an error")
                    .folder()
                    .essential()
                    .needed(),
                output);
  common.visit(visitor, {.threads = true});
}

namespace {

namespace fs = std::filesystem;

// Images between two looks at Ctrl-C.
constexpr std::int64_t kBatch = 64;

// Class names may come from a stranger's file: none may lead out of the output folder, or read back
// as something else.
void check_class_names(const data::FaceSet& set, bool split_folders) {
  for (const std::string& name : set.label_set.names()) {
    if (name.starts_with('.') || name.find('/') != std::string::npos) {
      throw Error(set.source + ": class " + quote(name) +
                  " cannot be a folder; allowed are names without '/' that do not start with '.'");
    }
    if (!split_folders && data::split_of_folder(name)) {
      throw Error(set.source + ": class " + quote(name) +
                  " would be a folder that is read as a split; allowed are other names, or a set "
                  "with splits");
    }
  }
}

void check_exportable(const data::FaceSet& set) {
  const std::int64_t unsplit = set.count(data::Split::none);
  if (unsplit != 0 && unsplit != set.size()) {
    throw Error(set.source + ": has images without a split beside others (" +
                set.describe_splits() +
                "); a folder holds either kind: export the sets one by one");
  }
  check_class_names(set, unsplit == 0);
}

fs::path picture_path(const data::FaceSet& set, const fs::path& output, std::int64_t row) {
  const auto split = static_cast<data::Split>(set.splits.const_data_ptr<std::uint8_t>()[row]);
  const auto label = static_cast<std::size_t>(set.labels.const_data_ptr<std::int64_t>()[row]);
  const fs::path folder = split == data::Split::none ? output : output / data::split_name(split);
  std::string number = std::to_string(row);
  if (number.size() < 6) number.insert(0, 6 - number.size(), '0');
  return folder / as_file_name(set.label_set.name(label)) / (number + ".png");
}

Progress progress_of(std::int64_t done, std::int64_t total, double seconds) {
  Progress progress;
  progress.title = "export";
  progress.done = done;
  progress.total = total;
  progress.units_per_second = static_cast<double>(done) / std::max(seconds, 1e-9);
  progress.unit = "images";
  progress.seconds_left = static_cast<double>(total - done) / progress.units_per_second;
  return progress;
}

// Returns how many images were written: fewer than all where Ctrl-C asked to stop.
std::int64_t write_pictures(const data::FaceSet& set, const fs::path& output, int threads,
                            Console& console) {
  const auto start = std::chrono::steady_clock::now();
  const at::Tensor images = set.images.contiguous();
  const auto* pixels = images.const_data_ptr<std::uint8_t>();
  std::int64_t done = 0;
  while (done < set.size() && !console.stop_requested()) {
    const std::int64_t count = std::min(kBatch, set.size() - done);
    parallel_for(count, threads, [&](std::int64_t i) {
      const std::int64_t row = done + i;
      const std::span<const std::uint8_t> face(pixels + static_cast<std::size_t>(row) * kFacePixels,
                                               kFacePixels);
      report::write_grey_png(picture_path(set, output, row), face, kFaceSide, kFaceSide);
    });
    done += count;
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    console.progress(progress_of(done, set.size(), passed.count()));
  }
  console.progress_done();
  return done;
}

}  // namespace

int run_data_export(const DataExportOptions& options, Console& console) {
  if (fs::exists(options.output)) {
    throw OptionError("output", options.output, "already exists; nothing is overwritten");
  }
  const int threads = options.common.thread_count();
  const data::OpenedData opened = data::read_data(options.data, threads);
  for (const std::string& note : opened.notes) console.info(note);
  const data::FaceSet& set = opened.set;
  check_exportable(set);
  const std::int64_t written = write_pictures(set, options.output, threads, console);
  if (written < set.size()) {
    console.warn("interrupted: " + options.output + " has " + grouped(written) + " of " +
                 grouped(set.size()) + " images");
    return kExitInterrupted;
  }
  console.info(grouped(written) + " images written");
  console.results() << options.output << '\n';
  return 0;
}

}  // namespace fer::commands
