// Videos, files as well as streams, frame by frame as players show them.
#pragma once

#include <functional>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>

namespace fer::video {

struct VideoDecoderOptions {
  double patience_s = 0.0;  // opening, or one frame, that takes longer has failed; 0: any time
  std::function<bool()> stopped = {};  // ends any waiting; asked by the thread that calls
};

class VideoDecoder {
 public:
  virtual ~VideoDecoder() = default;

  // On to the next frame; false after the last one, where nothing more can be read, and where it
  // was stopped.
  virtual bool next() = 0;

  // The frame of the last next() as it is shown, in memory of its own: 8-bit BGR, turned and
  // mirrored as the container says, with square pixels. @throws fer::Error, without the video's
  // name, where it has too many pixels or cannot be converted.
  virtual cv::Mat picture() = 0;

  // When it is shown, from the start of the presentation: of the first picture or sound that is
  // played, with what the container's edit list leaves out left out. Not negative.
  virtual double time_s() const = 0;

  // The container's, or what its timestamps suggest.
  virtual double frames_per_second() const = 0;

  // Whether it knows how long it is; what is live does not.
  virtual bool has_end() const = 0;

  // After the end: "it ends after 30 of 60 frames", where the container tells of more than there
  // was; empty where nothing is missing, or where it does not say.
  virtual std::string missing() const = 0;
};

// `location`: a path, an address that FFmpeg knows (rtsp://, http://, …), or "pipe:N" for a
// descriptor. Nothing where it is not a video that can be opened. @throws fer::Error, without the
// location's name, where it is a video that is refused: frames of too many pixels, a codec that
// nothing decodes.
std::unique_ptr<VideoDecoder> open_video_decoder(const std::string& location,
                                                 const VideoDecoderOptions& options);

}  // namespace fer::video
