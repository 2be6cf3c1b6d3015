// Writes a video file.
#pragma once

#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

namespace fer::output {

class VideoEncoder {
 public:
  virtual ~VideoEncoder() = default;  // what was not finished cannot be played

  // `picture`: 8-bit BGR of the size given, shown from `time_s` on, which must rise, until the
  // next; the first is shown from the start. In MP4, MOV and MKV each picture has its own time; a
  // gap of more than a day is shortened to that. AVI knows no times: there a picture is repeated
  // until the next is due, for a minute at most, and one that would be more than a frame late is
  // left out. @throws fer::Error, without the file's name, where it cannot be written.
  virtual void write(const cv::Mat& picture, double time_s) = 0;

  // Completes the file. @throws as write().
  virtual void finish() = 0;
};

// The endings of file names that tell the containers: ".mp4", ".mov", ".mkv", ".avi".
std::vector<std::string> video_endings();

// By FFmpeg in the plug-in (output/plugin_outputs.h), into an open file that is empty and can be
// sought in. The caller closes it, after the encoder is gone. `ending` says what container it
// becomes. Width and height are even. @throws fer::Error, without the file's name, where it cannot
// be written, FFmpeg lacks what it takes, or the plug-in is not there.
std::unique_ptr<VideoEncoder> open_video_encoder(int descriptor, const std::string& ending,
                                                 const cv::Size& size, double frames_per_second);

}  // namespace fer::output
