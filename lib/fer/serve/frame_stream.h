// Handles the frames of a camera or video in their order, with tracked faces and labels that do not
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

// At most one frame is in work and one waits; a newer frame replaces the waiting one. A slow client
// gets fewer answers, but no old ones.
class FrameStream : public std::enable_shared_from_this<FrameStream> {
 public:
  // One of the engine's threads calls `send` with each answer; the next answer comes after
  // answered().
  FrameStream(Engine& engine, std::function<void(std::string json)> send);

  // Takes effect from the next frame on. @throws Problem for values that are not allowed; then
  // nothing changes.
  void configure(const Fields& fields);

  // time_s: of the frame, by a monotonic clock.
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

  std::mutex mutex_;  // guards the next four members
  bool busy_ = false;
  std::optional<Waiting> waiting_;
  std::size_t dropped_ = 0;  // since the last answer
  Setting next_;

  // The state of the frame in work, which threads pass to each other.
  Setting setting_;
  predict::FrameWork work_;
  std::size_t left_out_ = 0;
  std::int64_t index_ = 0;
  predict::FaceTracking tracking_;
  std::optional<predict::LabelStabilizer> stabilizer_;
  std::unique_ptr<UnderWay::Token> token_;
};

}  // namespace fer::serve
