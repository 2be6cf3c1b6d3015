#include "fer/source/moving_source.h"

#include <algorithm>
#include <new>
#include <opencv2/core.hpp>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/image/image.h"

namespace fer::source {

MovingSource::MovingSource(std::string name, const SourceOptions& options)
    : name_(std::move(name)), every_(options.every), stopped_(options.stopped) {}

bool MovingSource::next(Frame& frame) {
  frame = Frame();
  frame.source = name_;
  if (ended_) return false;
  std::string problem;
  try {
    problem = advance(frame);
  } catch (const Error& error) {
    problem = error.what();
  } catch (const cv::Exception& failure) {
    problem = "cannot be read: " + failure.err;
  } catch (const std::bad_alloc&) {
    problem = "there is too little memory for it";
  }
  if (problem.empty()) return !ended_;
  end();
  if (stopped()) return false;  // a stopped source is not broken
  return fail(frame, problem);
}

bool MovingSource::fail(Frame& frame, const std::string& problem) {
  frame.image.release();
  frame.index = next_index_;
  frame.error = name_ + ": " + problem;
  return true;
}

void MovingSource::end() {
  ended_ = true;
  close();
}

// Returns the problem; "" if there is a frame, or at the end.
std::string MovingSource::advance(Frame& frame) {
  if (!open_) {
    if (std::string problem = open(); !problem.empty()) return problem;
    open_ = true;
  }
  if (move_on()) frame.image = picture();
  if (frame.image.empty()) {
    std::string problem = at_end(next_index_);
    end();
    return problem;
  }
  frame.size = frame.image.size();
  if (static_cast<std::int64_t>(frame.image.total()) > image::kMaxImagePixels) {
    return "has a frame of more than " + grouped(image::kMaxImagePixels) + " pixels";
  }
  frame.index = next_index_++;
  // Times in containers sometimes jump back, but trackers need rising times.
  time_s_ = std::max(time_s_, time_s(frame.index));
  frame.time_s = time_s_;
  frame.frames_per_second = frames_per_second() / static_cast<double>(every_);
  return {};
}

// Goes on to the next wanted frame.
bool MovingSource::move_on() {
  const std::int64_t skipped = next_index_ == 0 ? 0 : every_ - 1;
  for (std::int64_t i = 0; i < skipped; ++i) {
    if (!grab()) return false;
    ++next_index_;
  }
  return grab();
}

}  // namespace fer::source
