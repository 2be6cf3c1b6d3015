// A container's video stream: its packets, its clock, and whether it was all there. Includes
// FFmpeg's headers; video_decoder.h is for others.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "fer/video/ffmpeg_handles.h"
#include "fer/video/video_decoder.h"

namespace fer::video {

class VideoDemuxer {
 public:
  // Nothing where `location` is not a video that can be opened. @throws fer::Error without its
  // name: why it is refused.
  static std::unique_ptr<VideoDemuxer> open(const std::string& location,
                                            const VideoDecoderOptions& options);
  ~VideoDemuxer();
  VideoDemuxer(const VideoDemuxer&) = delete;
  VideoDemuxer& operator=(const VideoDemuxer&) = delete;

  // The video's next packet; false at the end, where it breaks, takes too long or was stopped.
  bool read(AVPacket& packet);

  const AVStream& stream() const { return *stream_; }
  const AVCodec& codec() const { return *codec_; }

  // Frames a second, as the container says or as its timestamps suggest.
  double frames_per_second() const;

  // Seconds since the presentation's start of a timestamp of the stream's.
  double seconds(std::int64_t timestamp) const;

  // Width of a pixel over its height.
  double pixel_aspect(AVFrame& frame) const;

  // The container's; nothing where it has none.
  std::optional<std::array<std::int32_t, 9>> display_matrix() const;

  // Whether each packet holds one frame, which is known of MP4 and MOV.
  bool has_packet_per_frame() const { return is_format("mov"); }

  // Whether it says how long it is.
  bool has_end() const;

  // The text of VideoDecoder::missing() after so many frames.
  std::string missing(std::int64_t frames) const;

 private:
  VideoDemuxer(const VideoDecoderOptions& options);

  bool open_input(const std::string& location);
  bool open_file(const std::string& location);
  bool find_stream();
  bool must_go_back() const;
  bool is_jpeg_xl() const;
  void discard_others();
  void record(const AVPacket& packet);
  std::string broken_off() const;
  std::string missing_packets(std::int64_t frames) const;
  std::string missing_time(double declared_s, double seen_s) const;
  bool is_matroska_cut() const;
  bool is_avi_whole() const;
  bool is_format(const char* name) const;

  static int interrupted(void* self);
  void start_waiting();

  VideoDecoderOptions options_;
  bool remote_ = false;  // at an address
  int last_status_ = 0;  // FFmpeg's, of the last packet that was asked for
  std::chrono::steady_clock::time_point deadline_;
  AVIOContext* file_ = nullptr;  // of what is not an address
  AVFormatContext* context_ = nullptr;
  AVStream* stream_ = nullptr;
  const AVCodec* codec_ = nullptr;
  double start_s_ = 0.0;      // of the presentation, by the container's clock
  std::int64_t packets_ = 0;  // of the video, that are shown
  double video_end_s_ = 0.0;  // by the container's clock, of what was read
  double end_s_ = 0.0;        // of all streams
};

}  // namespace fer::video
