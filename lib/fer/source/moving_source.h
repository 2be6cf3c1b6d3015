// The common part of cameras, streams and video files: counts frames, skips some, gives them times,
// and gives one failed frame if the source breaks.
#pragma once

#include <cstdint>
#include <string>

#include "fer/source/source.h"

namespace fer::source {

class MovingSource : public Source {
 public:
  bool next(Frame& frame) final;

 protected:
  // `name`: for messages and results, without passwords.
  MovingSource(std::string name, const SourceOptions& options);

  // Called before the first frame. Returns the problem, or "".
  virtual std::string open() = 0;
  // Called when reading ends for any reason; must leave nothing open.
  virtual void close() = 0;
  // Goes on to the next frame; false if there is none.
  virtual bool grab() = 0;
  // The picture of the grabbed frame, in memory of its own; empty if it is broken.
  virtual cv::Mat picture() = 0;
  virtual double time_s(std::int64_t index) = 0;
  virtual double frames_per_second() const = 0;
  // The error if no more frames come after `count`; "" at the normal end.
  virtual std::string at_end(std::int64_t count) const = 0;

  const std::string& name() const { return name_; }
  bool stopped() const { return stopped_ && stopped_(); }

 private:
  std::string advance(Frame& frame);
  bool move_on();
  bool fail(Frame& frame, const std::string& problem);
  void end();

  std::string name_;
  std::int64_t every_;
  std::function<bool()> stopped_;
  std::int64_t next_index_ = 0;
  double time_s_ = 0.0;
  bool open_ = false;
  bool ended_ = false;
};

}  // namespace fer::source
