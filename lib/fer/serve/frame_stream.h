// Frames of a camera or video, one after another: faces that are followed, labels that do not
// flicker.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "fer/predict/face_tracking.h"
#include "fer/predict/label_stabilizer.h"
#include "fer/serve/engine.h"
#include "fer/serve/parameters.h"

namespace fer::serve {

// At most one frame is worked on, and one waits: a newer one takes its place. Whoever reads the
// answers slowly gets fewer of them, and none that is old.
class FrameStream : public std::enable_shared_from_this<FrameStream> {
 public:
  // `send` gets each answer, one at a time, from one of the engine's threads; the next comes after
  // answered().
  FrameStream(Engine& engine, std::function<void(std::string json)> send);

  // From the next frame on. @throws Problem for what is not allowed; then nothing changes.
  void configure(const Fields& fields);

  // time_s: of the frame, by a clock that does not go back.
  void offer(std::string bytes, double time_s);
  void answered();
  void stop() { stopped_ = true; }

 private:
  struct Waiting {
    std::string bytes;
    double time_s;
  };
  struct Setting {
    PredictParameters parameters;
    std::shared_ptr<const ServedModel> model;
    predict::FaceFinder* finder = nullptr;
  };

  Setting setting_of(const PredictParameters& parameters) const;
  void begin(Waiting frame);
  void search(Waiting frame);
  void classified(ClassifyJob::Rows rows, const std::exception_ptr& failure);
  void answer();
  void fail(const std::string& problem);

  Engine& engine_;
  std::function<void(std::string)> send_;
  std::atomic<bool> stopped_ = false;

  std::mutex mutex_;  // of the next four
  bool busy_ = false;
  std::optional<Waiting> waiting_;
  std::size_t dropped_ = 0;  // since the last answer
  Setting next_;

  // The state of the frame in work, which one thread after another has.
  Setting setting_;
  predict::FrameWork work_;
  std::size_t left_out_ = 0;
  std::int64_t index_ = 0;
  predict::FaceTracking tracking_;
  std::optional<predict::LabelStabilizer> stabilizer_;
  std::unique_ptr<UnderWay::Token> token_;
};

}  // namespace fer::serve
