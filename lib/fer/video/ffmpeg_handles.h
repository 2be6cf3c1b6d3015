// Shared by the files of this room that use FFmpeg's libraries: owners of FFmpeg's objects, and its
// errors as text. Not to be included by other headers.
#pragma once

#include <cerrno>
#include <cstdint>
#include <memory>
#include <new>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libswscale/swscale.h>
}

namespace fer::video {

struct AvDelete {
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};
using AvCodec = std::unique_ptr<AVCodecContext, AvDelete>;
using AvFrame = std::unique_ptr<AVFrame, AvDelete>;
using AvPacket = std::unique_ptr<AVPacket, AvDelete>;
using AvScaler = std::unique_ptr<SwsContext, AvDelete>;

// Owns `made`. @throws std::bad_alloc if FFmpeg returned null.
template <class Object>
std::unique_ptr<Object, AvDelete> own(Object* made) {
  if (made == nullptr) throw std::bad_alloc();
  return std::unique_ptr<Object, AvDelete>(made);
}

// Passes on FFmpeg's status, so that lack of memory is not taken for the end of a file. @throws
// std::bad_alloc for lack of memory.
inline int unless_no_memory(int status) {
  if (status == AVERROR(ENOMEM)) throw std::bad_alloc();
  return status;
}

// FFmpeg's text for an error code: "No space left on device".
std::string av_error_text(int code);

// Call it before FFmpeg is used; it acts once a process. FFmpeg then writes nothing to stderr,
// because every failure is a fer::Error (OPENCV_FFMPEG_LOGLEVEL overrides this). No packet or plane
// takes more than image::kMaxImageBytes, whatever size a stream claims.
void prepare_ffmpeg();

// Converts BGR to a format to encode, or a decoded format to BGR. Keeps its scaler while the
// formats stay the same.
class PixelConverter {
 public:
  // The matrix between RGB and YUV, and whether luma takes all levels from 0 to 255.
  struct Colours {
    AVColorSpace space = AVCOL_SPC_UNSPECIFIED;
    bool full_range = false;
    bool operator==(const Colours&) const = default;
  };
  struct Picture {
    int width = 0, height = 0;
    AVPixelFormat format = AV_PIX_FMT_NONE;
    Colours colours = {};
    bool operator==(const Picture&) const = default;
  };

  // `from` and `to` have the same size. False if swscale fails.
  bool convert(const Picture& from, const std::uint8_t* const* from_planes, const int* from_strides,
               const Picture& to, std::uint8_t* const* to_planes, const int* to_strides);

 private:
  bool prepare(const Picture& from, const Picture& to);

  AvScaler scaler_;
  Picture from_, to_;
};

}  // namespace fer::video
