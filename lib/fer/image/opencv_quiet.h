// OpenCV and the libraries under it write warnings to stderr by themselves. Every failure they warn
// of reaches the user as a fer::Error, so the same news twice is only noise.
#pragma once

namespace fer::image {

// Turns off the log of OpenCV and that of its FFmpeg backend, once a process. What the user set
// through OPENCV_LOG_LEVEL or OPENCV_FFMPEG_LOGLEVEL stays. Every function of this library that
// enters OpenCV's codecs calls it; call it early in a program that starts threads, because it sets
// an environment variable.
void silence_opencv();

// While it lives, what this thread writes to std::cerr is dropped: OpenCV writes there what went
// wrong with a picture. What other threads write passes.
class NoCerr {
 public:
  NoCerr();
  ~NoCerr();
  NoCerr(const NoCerr&) = delete;
  NoCerr& operator=(const NoCerr&) = delete;
};

}  // namespace fer::image
