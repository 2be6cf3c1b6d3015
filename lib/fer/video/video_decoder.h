// Reads video files and streams frame by frame, as players show them.
#pragma once

#include <functional>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>

namespace fer::video {

struct VideoDecoderOptions {
  double patience_s = 0.0;             // longest time to open, and for each frame; 0: no limit
  std::function<bool()> stopped = {};  // ends any wait; called by the calling thread
};

class VideoDecoder {
 public:
  virtual ~VideoDecoder() = default;

  // Goes on to the next frame; false after the last one, if nothing more can be read, and if it was
  // stopped.
  virtual bool next() = 0;

  // The frame of the last next() as players show it, in new memory: 8-bit BGR, turned and mirrored
  // as the container demands, with square pixels. @throws fer::Error, without the video's name, if
  // it has too many pixels or cannot be converted.
  virtual cv::Mat picture() = 0;

  // The frame's time from the start of the presentation, which is the first picture or sound that
  // is played; parts that the container's edit list leaves out do not count. Not negative.
  virtual double time_s() const = 0;

  // The container's frame rate, or an estimate from its timestamps.
  virtual double frames_per_second() const = 0;

  // Whether the video has a known length; live ones have not.
  virtual bool has_end() const = 0;

  // After the end: "it ends after 30 of 60 frames", if the container announced more than there was;
  // empty if nothing is missing or it announced nothing.
  virtual std::string missing() const = 0;
};

// `location`: a path, an address that FFmpeg knows (rtsp://, http://, …), or "pipe:N" for a
// descriptor. Null if it is not a video that can be opened. @throws fer::Error, without the
// location's name, for a video that is refused: frames of too many pixels, a codec without a
// decoder.
std::unique_ptr<VideoDecoder> open_video_decoder(const std::string& location,
                                                 const VideoDecoderOptions& options);

}  // namespace fer::video
