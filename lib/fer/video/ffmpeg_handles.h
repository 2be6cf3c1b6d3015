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

// `made`, or std::bad_alloc where FFmpeg gave none.
template <class Object>
std::unique_ptr<Object, AvDelete> own(Object* made) {
  if (made == nullptr) throw std::bad_alloc();
  return std::unique_ptr<Object, AvDelete>(made);
}

// An error code of FFmpeg's, if it is none of memory. What is read must not seem to end where
// memory does. @throws std::bad_alloc.
inline int unless_no_memory(int status) {
  if (status == AVERROR(ENOMEM)) throw std::bad_alloc();
  return status;
}

// "No space left on device": what FFmpeg says of an error code.
std::string av_error_text(int code);

// Once a process, before FFmpeg is used. It does not write to stderr then: every failure is told as
// a fer::Error (what the user set through OPENCV_FFMPEG_LOGLEVEL stays). And no packet or plane
// takes more than image::kMaxImageBytes, however large a stream says that it is.
void prepare_ffmpeg();

// BGR to what is encoded, or what was decoded to BGR: keeps its scaler as long as pictures stay
// alike.
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

  // `from` and `to` of one size. False where swscale cannot.
  bool convert(const Picture& from, const std::uint8_t* const* from_planes, const int* from_strides,
               const Picture& to, std::uint8_t* const* to_planes, const int* to_strides);

 private:
  bool prepare(const Picture& from, const Picture& to);

  AvScaler scaler_;
  Picture from_, to_;
};

}  // namespace fer::video
