// The timing of pictures in a window.
#pragma once

#include <string>

#include "fer/source/source.h"

namespace fer::output {

// Decides how long each picture is shown. A file is read faster than real time and shown at its own
// speed; live frames are shown as they come; a still picture waits for a key. After a late frame
// the clock restarts; the lost time is not made up for.
class Playback {
 public:
  // The seconds for which to show `frame`, drawn at `now_s` (rising, from any start): until the
  // time of `next`, the frame after it; if that is none or of another source, for the usual
  // duration of a frame of its source. Infinity: until a key is pressed.
  double seconds(const source::Frame& frame, const source::Frame* next, bool live, double now_s);

 private:
  std::string source_;
  double start_s_ = 0.0;  // the value of now_s at the source's time 0
};

}  // namespace fer::output
