// OpenCV and its libraries write warnings to stderr. Every failure already reaches the user as a
// fer::Error, so these warnings only repeat it.
#pragma once

namespace fer::image {

// Turns off the log of OpenCV and that of its FFmpeg backend, once a process. What the user set
// through OPENCV_LOG_LEVEL or OPENCV_FFMPEG_LOGLEVEL stays. Every function of this library that
// enters OpenCV's codecs calls it; call it early in a program that starts threads, because it sets
// an environment variable.
void silence_opencv();

// While it lives, this thread's output to std::cerr is dropped, where OpenCV writes what is wrong
// with a picture. The output of other threads passes.
class NoCerr {
 public:
  NoCerr();
  ~NoCerr();
  NoCerr(const NoCerr&) = delete;
  NoCerr& operator=(const NoCerr&) = delete;
};

}  // namespace fer::image
