#include "fer/predict/session.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/image/opencv_library.h"
#include "fer/image/opencv_quiet.h"
#include "fer/output/annotate.h"
#include "fer/output/face_files.h"
#include "fer/output/feature_file.h"
#include "fer/output/frame_player.h"
#include "fer/output/prediction_writer.h"
#include "fer/predict/face_finder.h"
#include "fer/predict/face_tracking.h"
#include "fer/predict/pipeline.h"
#include "fer/predict/session_parts.h"
#include "fer/predict/tally.h"

namespace fer::predict {

namespace {

// The most frames that wait before the detector, and before later stages that need their pictures.
constexpr std::size_t kWaitingPictures = 2;

std::optional<output::FaceFiles> open_folder(const std::filesystem::path& folder,
                                             const LabelSet& labels, std::string_view field) {
  if (folder.empty()) return std::nullopt;
  return output::FaceFiles(folder, labels, field);
}

std::unique_ptr<output::FeatureFile> open_features(const std::filesystem::path& file,
                                                   const infer::FaceFeatures& features) {
  if (file.empty()) return nullptr;
  return output::open_feature_file(file, features.size, "features");
}

}  // namespace

// The state of a run. Except for constants, only one stage uses each member.
class PredictionSession::Run {
 public:
  Run(const SessionOptions& options, FaceModel model, SessionCaller caller)
      : options_(options),
        model_(std::move(model)),
        caller_(std::move(caller)),
        sources_(open_sources(
            options_, caller_.names, [this] { return stopped(); }, caller_.log)),
        live_(is_live(sources_)),
        writer_(output::make_prediction_writer(options.format, model_.labels, options.top,
                                               caller_.results)),
        detectors_(detector_count(options, sources_)),
        finder_(open_finder(options, model_.classify.wanted(), detectors_, caller_.log)),
        stabilizer_(options.labels),
        output_(open_output(options, sources_, caller_.log)),
        player_(open_player(
            options, live_, [this] { return stopped(); }, caller_.log)),
        annotator_(model_.labels),
        crops_(open_folder(options.save_crops, model_.labels, "save_crops")),
        explanations_(open_folder(options.explain, model_.labels, "explain")),
        features_(open_features(options.features, model_.features)),
        tally_(model_.labels) {}

  SessionEnd run() {
    Pipeline<FrameWork> pipeline([this](FrameWork& work) { return next(work); }, stages(),
                                 live_ ? WhenFull::drop_oldest : WhenFull::wait,
                                 [this] { stop_ = true; });
    pipeline_ = &pipeline;
    if (detectors_ > 1) image::set_opencv_threads(1);
    pipeline.run(stop_);
    if (player_) player_->finish();
    if (output_) output_->finish();
    if (features_) features_->finish();
    log_summary(pipeline.stats());
    read_all_ = !stop_.load();
    if (!read_all_ && !closed()) return SessionEnd::stopped;
    return tally_.failed() ? SessionEnd::failures : SessionEnd::complete;
  }

  bool live() const { return live_; }
  bool read_all() const { return read_all_; }

 private:
  using Works = std::vector<FrameWork>;
  using Stage = Pipeline<FrameWork>::Stage;

  bool stopped() const { return caller_.stop_requested.load() || stop_.load(); }
  bool closed() const { return player_ && player_->closed(); }
  bool draws() const { return output_ || player_; }

  bool next(FrameWork& work) {
    while (!caller_.stop_requested.load() && !sources_.empty()) {
      if (sources_.front()->next(work.prediction.frame)) return true;
      sources_.erase(sources_.begin());  // frees its decoder, threads and descriptor
    }
    if (caller_.stop_requested.load()) stop_ = true;
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

  // Without annotated pictures nothing large waits behind the detector. Few frames of live sources
  // wait anywhere, because they would become old.
  std::size_t waiting_later() const {
    return draws() || live_ ? kWaitingPictures : options_.batch_frames;
  }

  void find(Works& works) {
    for (FrameWork& work : works) {
      finder_->find(work);
      if (!draws()) work.prediction.frame.image.release();
    }
  }

  void classify(Works& works) {
    classify_frames(works, model_.classify);
    for (FrameWork& work : works) {
      if (options_.track) tracking_.update(work);
      stabilizer_.update(work.prediction);
    }
  }

  void draw(Works& works) {
    for (FrameWork& work : works) {
      output::FramePrediction& prediction = work.prediction;
      if (prediction.frame.failed()) continue;
      const source::Frame& frame = prediction.frame;
      const bool another = std::exchange(drawn_source_, frame.source) != frame.source;
      if (another || !frame.moving()) annotator_.start_over();
      work.drawn = annotator_.draw(frame.image, prediction.faces);
      prediction.frame.image.release();
    }
  }

  void write(Works& works) {
    for (const FrameWork& work : works) write(work);
    if (caller_.stop_requested.load() || closed()) stop_ = true;
    if (options_.stats) log_stats();
  }

  void write(const FrameWork& work) {
    const output::FramePrediction& prediction = work.prediction;
    moving_ |= prediction.frame.moving();
    tally_.count(prediction);
    writer_->write(prediction);
    if (options_.log_failures && prediction.frame.failed()) log_failure(prediction.frame);
    report_unseen_faces(work);
    if (output_ && !work.drawn.empty()) output_->write(prediction.frame, work.drawn);
    if (crops_) crops_->write_crops(prediction, work.crops);
    if (explanations_ && !work.crops.empty()) explain(work);
    if (features_ && !work.crops.empty()) {
      features_->write(prediction, model_.features.of(work.crops, work.cuts));
    }
    if (player_ && !work.drawn.empty()) player_->show(prediction.frame, work.drawn);
  }

  void log_failure(const source::Frame& frame) {
    constexpr int kMostLogged = 20;
    if (failures_logged_ == kMostLogged) return;
    caller_.log.warn(frame.error);
    if (++failures_logged_ == kMostLogged)
      caller_.log.warn("further errors are in the results alone");
  }

  void explain(const FrameWork& work) {
    std::vector<std::int64_t> shown;
    for (const output::FacePrediction& face : work.prediction.faces) {
      shown.push_back(static_cast<std::int64_t>(face.label()));
    }
    explanations_->write_explanations(work.prediction, work.crops,
                                      model_.explain(work.crops, shown));
  }

  // Reported only once, because most frames of a run have the same size.
  void report_unseen_faces(const FrameWork& work) {
    constexpr int kWorthTelling = 96;  // pixels; a classifier recognises little in smaller faces
    const source::Frame& frame = work.prediction.frame;
    if (unseen_reported_ || work.least_face <= kWorthTelling) return;
    unseen_reported_ = true;
    const bool in_parts_found = !frame.moving() && work.least_face_in_parts < work.least_face;
    caller_.log.info(frame.source + ": in " + std::to_string(frame.size.width) + "x" +
                     std::to_string(frame.size.height) + " pixels, faces smaller than about " +
                     std::to_string(work.least_face) + " are not found; " +
                     (in_parts_found ? option("small_faces") + " searches it in parts"
                                     : "another " + option("detector") + ", or a larger " +
                                           option("detector_size") + ", finds smaller ones"));
  }

  void log_stats() {
    constexpr auto kBetween = std::chrono::seconds(2);
    const auto now = std::chrono::steady_clock::now();
    if (now - logged_ < kBetween) return;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    logged_ = now;
    caller_.log.info("frame " + grouped(tally_.frames()) + ", " +
                     fixed(static_cast<double>(tally_.frames()) / seconds, 1) +
                     " a second: " + describe(pipeline_->stats()));
  }

  void log_summary(const PipelineStats& stats) {
    Log& log = caller_.log;
    log.progress_done();
    log.info(tally_.text());
    if (options_.stats || moving_) log.info(describe(stats));
    if (const std::int64_t count = annotator_.unexplained(); count > 0) {
      log.warn(grouped(count) + (count == 1 ? " face has" : " faces have") +
               " a number alone in the annotated pictures: there was no room for labels or a "
               "legend");
    }
    if (tally_.failed()) log.warn(tally_.failures_text());
  }

  const SessionOptions options_;
  const FaceModel model_;
  const SessionCaller caller_;
  std::atomic<bool> stop_ = false;  // a stop was requested, or a stage failed
  Sources sources_;                 // those that have not ended, the current one first
  bool live_;                       // whether they are cameras or streams
  std::unique_ptr<output::PredictionWriter> writer_;
  std::size_t detectors_;
  std::unique_ptr<FaceFinder> finder_;
  FaceTracking tracking_;
  LabelStabilizer stabilizer_;
  std::unique_ptr<output::AnnotatedOutput> output_;
  std::optional<output::FramePlayer> player_;
  output::Annotator annotator_;
  std::string drawn_source_;  // of the last drawn picture
  std::optional<output::FaceFiles> crops_, explanations_;
  std::unique_ptr<output::FeatureFile> features_;
  Tally tally_;
  bool moving_ = false;  // whether any frame was of a video
  bool read_all_ = false;
  bool unseen_reported_ = false;
  int failures_logged_ = 0;
  const Pipeline<FrameWork>* pipeline_ = nullptr;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point logged_ = start_;
};

PredictionSession::PredictionSession(const SessionOptions& options, FaceModel model,
                                     SessionCaller caller) {
  image::silence_opencv();
  run_ = std::make_unique<Run>(options, std::move(model), std::move(caller));
}

PredictionSession::~PredictionSession() = default;

SessionEnd PredictionSession::run() { return run_->run(); }

bool PredictionSession::live() const { return run_->live(); }

bool PredictionSession::read_all() const { return run_->read_all(); }

}  // namespace fer::predict
