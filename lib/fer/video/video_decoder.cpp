#include "fer/video/video_decoder.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <optional>
#include <thread>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/image/image.h"
#include "fer/video/display_shape.h"
#include "fer/video/ffmpeg_handles.h"
#include "fer/video/video_demuxer.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace fer::video {

namespace {

// Few threads are enough, because decoding is a small part of the work, and each thread holds
// frames.
constexpr unsigned kMostThreads = 4;

// The most errors in a row without a packet in between; a decoder with several threads may report
// one for each thread.
constexpr int kMostFailures = 100;

// swscale may write up to this many bytes behind a row.
constexpr int kRowAlignment = 64;

// Records lack of memory, because codecs then report a damaged frame.
int get_buffer(AVCodecContext* codec, AVFrame* frame, int flags) {
  const int status = avcodec_default_get_buffer2(codec, frame, flags);
  if (status == AVERROR(ENOMEM)) static_cast<std::atomic<bool>*>(codec->opaque)->store(true);
  return status;
}

// Any thread sets `no_memory` if there is no memory for a frame; it must outlive the codec.
AvCodec open_codec(const VideoDemuxer& demuxer, std::atomic<bool>& no_memory) {
  AvCodec codec = own(avcodec_alloc_context3(&demuxer.codec()));
  if (avcodec_parameters_to_context(codec.get(), demuxer.stream().codecpar) < 0) return nullptr;
  codec->pkt_timebase = demuxer.stream().time_base;
  codec->max_pixels = image::kMaxImagePixels;
  codec->opaque = &no_memory;
  codec->get_buffer2 = get_buffer;
  codec->thread_count =
      static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, kMostThreads));
  const int status = avcodec_open2(codec.get(), &demuxer.codec(), nullptr);
  return unless_no_memory(status) < 0 ? nullptr : std::move(codec);
}

// The matrix of the frame itself (each H.264 and H.265 frame may have one), else the container's.
std::optional<std::array<std::int32_t, 9>> display_matrix(const AVFrame& frame,
                                                          const VideoDemuxer& demuxer) {
  const AVFrameSideData* data = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
  std::array<std::int32_t, 9> matrix{};
  if (data == nullptr || data->size < sizeof matrix) return demuxer.display_matrix();
  std::memcpy(matrix.data(), data->data, sizeof matrix);
  return matrix;
}

DisplayShape shape_of(AVFrame& frame, const VideoDemuxer& demuxer) {
  DisplayShape shape;
  apply_pixel_aspect(shape, demuxer.pixel_aspect(frame));
  if (const auto matrix = display_matrix(frame, demuxer)) apply_display_matrix(shape, *matrix);
  return shape;
}

// Grey formats have levels from 0 to 255 unless marked otherwise, as in swscale.
bool is_grey(AVPixelFormat format) {
  const AVPixFmtDescriptor* pixels = av_pix_fmt_desc_get(format);
  return pixels != nullptr && pixels->nb_components <= 2 &&
         (pixels->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) == 0;
}

PixelConverter::Picture description_of(const AVFrame& frame) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  const bool jpeg = format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_YUVJ422P ||
                    format == AV_PIX_FMT_YUVJ444P || format == AV_PIX_FMT_YUVJ440P ||
                    format == AV_PIX_FMT_YUVJ411P;
  const bool full_range = jpeg || frame.color_range == AVCOL_RANGE_JPEG ||
                          (frame.color_range != AVCOL_RANGE_MPEG && is_grey(format));
  return {frame.width, frame.height, format, {frame.colorspace, full_range}};
}

class FfmpegDecoder final : public VideoDecoder {
 public:
  FfmpegDecoder(std::unique_ptr<VideoDemuxer> demuxer, std::unique_ptr<std::atomic<bool>> no_memory,
                AvCodec codec)
      : demuxer_(std::move(demuxer)),
        no_memory_(std::move(no_memory)),
        codec_(std::move(codec)),
        packet_(own(av_packet_alloc())),
        frame_(own(av_frame_alloc())) {}

  bool next() override {
    int status = receive();
    for (int failures = 0; status != 0;) {
      if (status == AVERROR_EOF) return false;
      if (status == AVERROR(EAGAIN)) {
        if (!send()) return false;
        failures = 0;
      } else {  // skips a frame that cannot be decoded
        ++failures_;
        if (++failures > kMostFailures) return false;
      }
      status = receive();
    }
    ++frames_;
    const std::int64_t timestamp = frame_->best_effort_timestamp;
    time_s_ = timestamp != AV_NOPTS_VALUE ? demuxer_->seconds(timestamp) : next_time_s_;
    next_time_s_ = time_s_ + 1.0 / frames_per_second();
    return true;
  }

  cv::Mat picture() override {
    const DisplayShape shape = shape_of(*frame_, *demuxer_);
    const cv::Size size = shown_size({frame_->width, frame_->height}, shape);
    if (std::int64_t{size.width} * size.height > image::kMaxImagePixels) {
      throw Error("has a frame of more than " + grouped(image::kMaxImagePixels) + " pixels");
    }
    return shown_picture(stored_picture(), shape);
  }

  double time_s() const override { return time_s_; }
  double frames_per_second() const override { return demuxer_->frames_per_second(); }
  bool has_end() const override { return demuxer_->has_end(); }
  std::string missing() const override {
    const std::string read = demuxer_->missing(frames_);
    return read.empty() ? undecodable() : read;
  }

 private:
  int receive() {
    const int status = unless_no_memory(avcodec_receive_frame(codec_.get(), frame_.get()));
    if (no_memory_->load()) throw std::bad_alloc();
    return status;
  }

  // Sends the codec the next packet, or the end, after which it returns the frames that it held
  // back.
  bool send() {
    if (ended_) return false;
    ended_ = !demuxer_->read(*packet_);
    if (!ended_ && (packet_->flags & AV_PKT_FLAG_DISCARD) == 0) ++packets_;
    const int status =
        unless_no_memory(avcodec_send_packet(codec_.get(), ended_ ? nullptr : packet_.get()));
    if (status < 0 && status != AVERROR_EOF && status != AVERROR(EAGAIN)) ++failures_;
    av_packet_unref(packet_.get());
    return true;
  }

  // Reports packets without a picture. Some are normal, such as those that need a frame before a
  // cut.
  std::string undecodable() const {
    constexpr double kNormalShare = 0.02;
    constexpr std::int64_t kNormal = 16;
    const std::int64_t lost =
        std::max(failures_,
                 demuxer_->has_packet_per_frame() ? packets_ - frames_ - kNormal : std::int64_t{0});
    if (lost <= 1 || static_cast<double>(lost) <= kNormalShare * static_cast<double>(packets_)) {
      return "";
    }
    return grouped(std::max(failures_, packets_ - frames_)) + " of " + grouped(packets_) +
           (packets_ == 1 ? " frame cannot be decoded" : " frames cannot be decoded");
  }

  // The stored frame, in memory that the next frame overwrites.
  cv::Mat stored_picture() {
    const int width = frame_->width, height = frame_->height;
    const int row = (width + kRowAlignment) / kRowAlignment * kRowAlignment;
    if (rows_.rows < height + 1 || rows_.cols != row) rows_.create(height + 1, row, CV_8UC3);
    std::uint8_t* planes[4] = {rows_.data, nullptr, nullptr, nullptr};
    const int strides[4] = {static_cast<int>(rows_.step), 0, 0, 0};
    const PixelConverter::Picture bgr{width, height, AV_PIX_FMT_BGR24, {}};
    if (!converter_.convert(description_of(*frame_), frame_->data, frame_->linesize, bgr, planes,
                            strides)) {
      throw Error("has frames that cannot be converted to colours");
    }
    return rows_(cv::Rect(0, 0, width, height));
  }

  std::unique_ptr<VideoDemuxer> demuxer_;
  std::unique_ptr<std::atomic<bool>> no_memory_;
  AvCodec codec_;
  AvPacket packet_;
  AvFrame frame_;
  PixelConverter converter_;
  cv::Mat rows_;
  double time_s_ = 0.0;
  double next_time_s_ = 0.0;
  std::int64_t packets_ = 0;   // sent to the codec, without those that are not shown
  std::int64_t frames_ = 0;    // that the codec returned
  std::int64_t failures_ = 0;  // packets or frames that it refused
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<VideoDecoder> open_video_decoder(const std::string& location,
                                                 const VideoDecoderOptions& options) {
  std::unique_ptr<VideoDemuxer> demuxer = VideoDemuxer::open(location, options);
  if (!demuxer) return nullptr;
  auto no_memory = std::make_unique<std::atomic<bool>>(false);
  AvCodec codec = open_codec(*demuxer, *no_memory);
  if (!codec) return nullptr;
  return std::make_unique<FfmpegDecoder>(std::move(demuxer), std::move(no_memory),
                                         std::move(codec));
}

}  // namespace fer::video
