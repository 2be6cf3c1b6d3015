// When a picture is to be shown.
#pragma once

#include <string>

#include "fer/source/source.h"

namespace fer::output {

// Decides how long each picture is shown. A file is read faster than real time and shown at its own
// speed; live frames are shown as they come; a still picture waits for a key. A late frame is not
// compensated for; the clock restarts.
class Playback {
 public:
  // How long `frame` is to be shown, where it is drawn at `now_s` (rising, from any start): until
  // the time of `next`, which comes behind it, or for as long as its source's frames usually are
  // where that is none, or of another source. Infinity: until the person goes on.
  double seconds(const source::Frame& frame, const source::Frame* next, bool live, double now_s);

 private:
  std::string source_;
  double start_s_ = 0.0;  // when the source's time was 0
};

}  // namespace fer::output
