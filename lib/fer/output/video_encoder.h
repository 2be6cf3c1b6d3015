// Writes a video file.
#pragma once

#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

namespace fer::output {

class VideoEncoder {
 public:
  virtual ~VideoEncoder() = default;  // an unfinished file cannot be played

  // `picture`: 8-bit BGR of the size given, shown from `time_s` on, which must rise, until the next
  // picture; the first one is shown from the start. In MP4, MOV and MKV each picture has its own
  // time; a gap of more than a day is shortened to a day. AVI stores no times: there a picture is
  // repeated until the next one is due, for at most a minute, and a picture that would be more than
  // a frame late is left out. @throws fer::Error, without the file's name, if it cannot be written.
  virtual void write(const cv::Mat& picture, double time_s) = 0;

  // Completes the file. @throws as write().
  virtual void finish() = 0;
};

// The file name endings of the containers: ".mp4", ".mov", ".mkv", ".avi".
std::vector<std::string> video_endings();

// Writes a video by FFmpeg, in the plug-in (output/plugin_outputs.h), into an open file that is
// empty and seekable. The caller closes the file after it has destroyed the encoder. `ending`
// selects the container. Width and height must be even. @throws fer::Error, without the file's
// name, if it cannot be written, FFmpeg lacks the codec or container, or the plug-in is missing.
std::unique_ptr<VideoEncoder> open_video_encoder(int descriptor, const std::string& ending,
                                                 const cv::Size& size, double frames_per_second);

}  // namespace fer::output
