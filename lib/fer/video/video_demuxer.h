// A container's video stream: its packets, its clock, and whether it was complete. Includes
// FFmpeg's headers; other code uses video_decoder.h.
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
  // Null if `location` is not a video that can be opened. @throws fer::Error, without its name, for
  // a video that is refused.
  static std::unique_ptr<VideoDemuxer> open(const std::string& location,
                                            const VideoDecoderOptions& options);
  ~VideoDemuxer();
  VideoDemuxer(const VideoDemuxer&) = delete;
  VideoDemuxer& operator=(const VideoDemuxer&) = delete;

  // Reads the video's next packet; false at the end, and if the input breaks, takes too long or was
  // stopped.
  bool read(AVPacket& packet);

  const AVStream& stream() const { return *stream_; }
  const AVCodec& codec() const { return *codec_; }

  // Frames a second, by the container or estimated from its timestamps.
  double frames_per_second() const;

  // Converts a timestamp of the stream to seconds since the start of the presentation.
  double seconds(std::int64_t timestamp) const;

  // Width of a pixel over its height.
  double pixel_aspect(AVFrame& frame) const;

  // The container's display matrix, if it has one.
  std::optional<std::array<std::int32_t, 9>> display_matrix() const;

  // Whether each packet is known to hold one frame, as in MP4 and MOV.
  bool has_packet_per_frame() const { return is_format("mov"); }

  // Whether the container has a length.
  bool has_end() const;

  // The text of VideoDecoder::missing() after `frames` frames.
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
  int last_status_ = 0;  // FFmpeg's result for the last packet
  std::chrono::steady_clock::time_point deadline_;
  AVIOContext* file_ = nullptr;  // of local input
  AVFormatContext* context_ = nullptr;
  AVStream* stream_ = nullptr;
  const AVCodec* codec_ = nullptr;
  double start_s_ = 0.0;      // of the presentation, by the container's clock
  std::int64_t packets_ = 0;  // of the video, without those that are not shown
  double video_end_s_ = 0.0;  // of the packets read so far, by the container's clock
  double end_s_ = 0.0;        // of all streams
};

}  // namespace fer::video
