#include "fer/commands/predict_flow.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fer/commands/common_options.h"
#include "fer/commands/exit_code.h"
#include "fer/commands/face_files.h"
#include "fer/core/address.h"
#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/image/opencv_library.h"
#include "fer/image/opencv_quiet.h"
#include "fer/output/annotate.h"
#include "fer/output/annotated_output.h"
#include "fer/output/playback.h"
#include "fer/output/prediction_writer.h"
#include "fer/output/window.h"
#include "fer/predict/pipeline.h"
#include "fer/source/source.h"
#include "fer/tensors/cores.h"

namespace fer {

namespace {

namespace fs = std::filesystem;

// Frames that wait before the detector, and before later stages that still need their pictures.
constexpr std::size_t kWaitingPictures = 2;
// Each holds its network and a frame: more would take memory and be fed too slowly by one source.
constexpr int kMostDetectors = 8;

using Sources = std::vector<std::unique_ptr<Source>>;

Sources open_sources(const PredictOptions& options, std::istream& names,
                     std::function<bool()> stopped, Console& console) {
  const SourceOptions source_options{
      .every = options.every,
      .recursive = options.recursive,
      .videos = options.videos,
      .reconnect_s = options.reconnect,
      .stopped = std::move(stopped),
      .notice = [&console](const std::string& text) { console.warn(text); },
      .remark = [&console](const std::string& text) { console.info(text); }};
  Sources sources;
  for (const std::string& argument : options.sources) {
    sources.push_back(open_source(argument, source_options, names));
    if (sources.back()->kind() == SourceKind::camera && options.sources.size() > 1) {
      throw Error(without_passwords(argument) +
                  ": a camera or stream has no end that others could follow; name it alone, and "
                  "start fer-predict once for each");
    }
  }
  return sources;
}

std::unique_ptr<AnnotatedOutput> open_output(const PredictOptions& options, const Sources& sources,
                                             Console& console) {
  if (options.output.empty()) return nullptr;
  const SourceKind kind = sources.size() == 1 ? sources.front()->kind() : SourceKind::files;
  auto output = open_annotated_output(options.output, kind);
  std::error_code ignored;
  if (fs::is_regular_file(options.output, ignored)) {
    if (fs::equivalent(options.output, options.sources.front(), ignored)) {
      throw Error("--output " + options.output + ": is the source itself; name another file");
    }
    console.warn(options.output + " is replaced");
  }
  return output;
}

// How many frames are searched at once. A detector uses one core well and several badly, so there is
// one for each; a single still picture needs one alone.
std::size_t detector_count(const PredictOptions& options, const Sources& sources) {
  if (options.detector == "none") return 1;  // nothing is searched
  const bool single = sources.size() == 1 && sources.front()->kind() == SourceKind::image;
  const int threads = options.common.thread_count();
  return single ? 1 : static_cast<std::size_t>(std::clamp(threads, 1, kMostDetectors));
}

std::unique_ptr<FaceFinder> open_finder(const PredictOptions& options, std::size_t count,
                                        Console& console) {
  const DetectorChoice choice = choose_detector({.name = options.detector,
                                                 .model = options.detector_model,
                                                 .side = static_cast<int>(options.detector_size)});
  if (!choice.reason.empty()) console.info("detector " + choice.name + ": " + choice.reason);
  FindOptions find{
      .crop = usual_crop(choice.name), .small_faces = options.small_faces, .follow = options.track};
  if (options.crop_margin > 0.0) find.crop.factor = options.crop_margin;
  find.crop.align = align_of(options.align);
  std::vector<std::unique_ptr<Detector>> detectors;
  while (detectors.size() < count) detectors.push_back(open_detector(choice));
  return std::make_unique<FaceFinder>(std::move(detectors), find);
}

JudgeOptions judge_options(const PredictOptions& options) {
  JudgeOptions judge;
  judge.least_probability = options.min_confidence;
  judge.smoothing.time_constant_s = options.smooth;
  if (options.smooth == 0.0) judge.smoothing.lead = judge.smoothing.lead_time_s = 0.0;
  return judge;
}

// The window of --show, if there is a screen.
std::optional<Window> open_window(const PredictOptions& options, Console& console,
                                  std::function<bool()> stopped) {
  if (!options.show) return std::nullopt;
  try {
    return Window("fer-predict", std::move(stopped));
  } catch (const Error& reason) {
    console.warn("--show: " + std::string(reason.what()) + "; going on without a window");
    return std::nullopt;
  }
}

// What the notice at the end counts.
struct Tally {
  explicit Tally(std::size_t classes) : by_label(classes, 0) {}

  void count(const FramePrediction& prediction) {
    const Frame& frame = prediction.frame;
    const bool another = std::exchange(source, frame.source) != frame.source || frame.index == 0;
    if (another) ++sources;
    if (frame.failed()) {
      ++(another ? unread : cut);
      return;
    }
    ++(frame.moving() ? frames : pictures);
    for (const FacePrediction& face : prediction.faces) {
      ++faces;
      ++(face.uncertain ? uncertain : by_label[face.label()]);
    }
  }

  // "2 pictures, 275 frames, 260 faces: happy 51.2 % (133), sad 48.8 % (127)"
  std::string describe(const LabelSet& labels) const {
    std::vector<std::string> shares;
    const auto add = [&](const std::string& name, std::int64_t count) {
      if (count == 0) return;
      const double share = static_cast<double>(count) / static_cast<double>(faces);
      shares.push_back(name + " " + percent(share, 1) + " (" + grouped(count) + ")");
    };
    for (std::size_t i = 0; i < by_label.size(); ++i) add(labels.name(i), by_label[i]);
    add(kUncertain, uncertain);
    std::vector<std::string> counts;
    if (pictures > 0 || frames == 0) counts.push_back(counted(pictures, "picture"));
    if (frames > 0) counts.push_back(counted(frames, "frame"));
    counts.push_back(counted(faces, "face"));
    return join(counts, ", ") + (shares.empty() ? "" : ": " + join(shares, ", "));
  }

  bool failed() const { return unread + cut > 0; }

  // "1 of 3 files could not be read, 1 not to its end"
  std::string describe_failures() const {
    if (cut == 0) return grouped(unread) + " of " + counted(sources, "file") + " could not be read";
    const std::string to_end = cut == 1 ? " to its end" : " to their ends";
    if (unread > 0) {
      return grouped(unread) + " of " + counted(sources, "file") + " could not be read, " +
             grouped(cut) + " not" + to_end;
    }
    return grouped(cut) + " of " + counted(sources, "file") + " could not be read" + to_end;
  }

  std::string source;        // of the last frame
  std::int64_t sources = 0;  // pictures and videos, cameras and streams, failed ones included
  std::int64_t unread = 0;   // of which nothing came
  std::int64_t cut = 0;      // that broke off
  std::int64_t pictures = 0, frames = 0;  // that could be read: still, moving
  std::int64_t faces = 0;
  std::int64_t uncertain = 0;
  std::vector<std::int64_t> by_label;
};

// One run of fer-predict: what its stages share. Each member is used by one stage alone, but for
// what is constant.
class PredictRun {
 public:
  PredictRun(const PredictOptions& options, const LabelSet& labels, FaceModel model,
             std::istream& names, Console& console)
      : options_(options),
        labels_(labels),
        model_(std::move(model)),
        console_(console),
        asked_to_stop_(console.stop_requested()),
        sources_(open_sources(
            options, names, [this] { return stopped(); }, console)),
        writer_(make_prediction_writer(options.format, labels, options.top, console.results())),
        detectors_(detector_count(options, sources_)),
        finder_(open_finder(options, detectors_, console)),
        judge_(judge_options(options)),
        output_(open_output(options, sources_, console)),
        window_(open_window(options, console, [this] { return stopped(); })),
        annotator_(labels),
        tally_(labels.size()) {
    if (!options.save_crops.empty()) {
      crops_.emplace(options.save_crops, labels, "--save-crops");
    }
    if (!options.explain.empty()) explanations_.emplace(options.explain, labels, "--explain");
  }

  int run() {
    Pipeline<FrameWork> pipeline([this](FrameWork& work) { return next(work); }, stages(),
                                 is_live() ? WhenFull::drop_oldest : WhenFull::wait,
                                 [this] { stop_ = true; });
    pipeline_ = &pipeline;
    if (detectors_ > 1) set_opencv_threads(1);
    pipeline.run(stop_);
    if (window_) show_waiting(nullptr);
    if (output_) output_->finish();
    console_.progress_done();
    console_.info(tally_.describe(labels_));
    if (options_.stats || moving_) console_.info(describe(pipeline.stats()));
    if (annotator_.unexplained() > 0) {
      console_.warn(grouped(annotator_.unexplained()) +
                    (annotator_.unexplained() == 1 ? " face has" : " faces have") +
                    " a number alone in the annotated pictures: there was no room for labels or a "
                    "legend");
    }
    if (tally_.failed()) console_.warn(tally_.describe_failures());
    if (stop_.load() && !closed_) return kExitInterrupted;
    return tally_.failed() ? 1 : 0;
  }

 private:
  using Works = std::vector<FrameWork>;
  using Stage = Pipeline<FrameWork>::Stage;

  bool stopped() const { return asked_to_stop_.load() || stop_.load(); }

  bool is_live() const {
    return std::all_of(sources_.begin(), sources_.end(),
                       [](const auto& source) { return source->kind() == SourceKind::camera; });
  }

  bool next(FrameWork& work) {
    while (!asked_to_stop_.load() && source_ < sources_.size()) {
      if (sources_[source_]->next(work.prediction.frame)) return true;
      ++source_;
    }
    if (asked_to_stop_.load()) stop_ = true;
    return false;
  }

  std::vector<Stage> stages() {
    std::vector<Stage> stages;
    stages.push_back(
        {.name = "detect", .work = [this](Works& works) { find(works); }, .workers = detectors_});
    stages.push_back(
        {"classify", [this](Works& works) { classify(works); }, waiting_later(), waiting_later()});
    if (draws()) {
      stages.push_back({"draw", [this](Works& works) { draw(works); }, 1, kWaitingPictures});
    }
    stages.push_back({"write", [this](Works& works) { write(works); }, 1, waiting_later()});
    return stages;
  }

  bool draws() const { return output_ || window_; }

  // Without annotated pictures nothing large waits behind the detector. Of what is live nothing
  // waits long anywhere: it would be old.
  std::size_t waiting_later() const {
    return draws() || is_live() ? kWaitingPictures : static_cast<std::size_t>(options_.batch_size);
  }

  void find(Works& works) {
    if (detectors_ > 1) use_cores(1);
    for (FrameWork& work : works) {
      finder_->find(work);
      if (!draws()) work.prediction.frame.image.release();
    }
  }

  void classify(Works& works) {
    if (detectors_ > 1) use_cores(options_.common.thread_count() - static_cast<int>(detectors_));
    classify_frames(works, model_.classify);
    for (FrameWork& work : works) {
      if (options_.track) follower_.follow(work);
      judge_.judge(work.prediction);
    }
  }

  void draw(Works& works) {
    for (FrameWork& work : works) {
      FramePrediction& prediction = work.prediction;
      if (prediction.frame.failed()) continue;
      const Frame& frame = prediction.frame;
      const bool another = std::exchange(drawn_source_, frame.source) != frame.source;
      if (another || !frame.moving()) annotator_.start_over();
      work.drawn = annotator_.draw(frame.image, prediction.faces);
      prediction.frame.image.release();
    }
  }

  void write(Works& works) {
    for (const FrameWork& work : works) {
      const FramePrediction& prediction = work.prediction;
      moving_ |= prediction.frame.moving();
      tally_.count(prediction);
      writer_->write(prediction);
      tell_what_is_too_small(work);
      if (output_ && !work.drawn.empty()) output_->write(prediction.frame, work.drawn);
      if (crops_) crops_->write_crops(work);
      if (explanations_) explanations_->write_explanations(work, model_.explain);
      if (window_ && !work.drawn.empty()) show(prediction.frame, work.drawn);
    }
    if (console_.stop_requested().load()) stop_ = true;
    if (options_.stats) show_stats();
  }

  // Once: most of a run's frames are of a size.
  void tell_what_is_too_small(const FrameWork& work) {
    constexpr int kWorthTelling = 96;  // pixels; of smaller faces a classifier sees little
    const Frame& frame = work.prediction.frame;
    if (told_too_small_ || work.least_face <= kWorthTelling) return;
    told_too_small_ = true;
    const bool parts_would_help = !frame.moving() && work.least_face_in_parts < work.least_face;
    console_.info(frame.source + ": in " + std::to_string(frame.size.width) + "x" +
                  std::to_string(frame.size.height) + " pixels, faces smaller than about " +
                  std::to_string(work.least_face) + " are not found; " +
                  (parts_would_help
                       ? "--small-faces searches it in parts"
                       : "another --detector, or a larger --detector-size, finds smaller ones"));
  }

  // A frame of a video is shown once the next one tells how long it lasts.
  void show(const Frame& frame, const cv::Mat& drawn) {
    show_waiting(&frame);
    waiting_.emplace(frame, drawn);
    if (is_live() || !frame.moving()) show_waiting(nullptr);
  }

  void show_waiting(const Frame* next) {
    if (!waiting_ || closed_ || stopped()) return;
    const auto [frame, drawn] = *std::exchange(waiting_, std::nullopt);
    const double now_s =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    closed_ = !window_->show(drawn, playback_.seconds(frame, next, is_live(), now_s));
    if (closed_) stop_ = true;
  }

  void show_stats() {
    constexpr auto kBetween = std::chrono::seconds(2);
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < kBetween) return;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    shown_ = now;
    const std::int64_t done = tally_.pictures + tally_.frames;
    console_.info("frame " + grouped(done) + ", " + fixed(static_cast<double>(done) / seconds, 1) +
                  " a second: " + describe(pipeline_->stats()));
  }

  const PredictOptions& options_;
  const LabelSet& labels_;
  FaceModel model_;
  Console& console_;
  const std::atomic<bool>& asked_to_stop_;
  std::atomic<bool> stop_ = false;  // asked to, or a stage failed
  Sources sources_;
  std::size_t source_ = 0;
  std::unique_ptr<PredictionWriter> writer_;
  std::size_t detectors_;
  std::unique_ptr<FaceFinder> finder_;
  FaceFollower follower_;
  FaceJudge judge_;
  std::unique_ptr<AnnotatedOutput> output_;
  std::optional<Window> window_;
  Annotator annotator_;
  std::string drawn_source_;  // of the picture that was drawn last
  Playback playback_;
  std::optional<std::pair<Frame, cv::Mat>> waiting_;  // to be shown in the window
  bool closed_ = false;                               // the window, by the person
  std::optional<FaceFiles> crops_, explanations_;
  Tally tally_;
  bool moving_ = false;  // whether any frame was of a moving picture
  bool told_too_small_ = false;
  const Pipeline<FrameWork>* pipeline_ = nullptr;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_ = start_;
};

}  // namespace

int predict_sources(const PredictOptions& options, const LabelSet& labels, FaceModel model,
                    std::istream& names, Console& console) {
  silence_opencv();
  return PredictRun(options, labels, std::move(model), names, console).run();
}

}  // namespace fer
