// When a picture is to be shown.
#pragma once

#include <string>

#include "fer/source/source.h"

namespace fer::output {

// Files are read faster than life and are to be watched at their own speed; what is live is shown
// as it comes; a still picture waits for the person. Of what is late nothing is made up for: the
// clock starts anew.
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
