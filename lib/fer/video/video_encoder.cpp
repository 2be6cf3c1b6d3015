#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <new>
#include <string_view>

#include "fer/core/error.h"
#include "fer/video/ffmpeg_handles.h"
#include "fer/video/tables.h"

extern "C" {
#include <libavutil/rational.h>
}

namespace fer::video {

namespace {

struct Container {
  std::string_view ending;
  const char* muxer;
  AVCodecID codec;
  bool constant_rate;
};
constexpr std::array<Container, 4> kContainers = {{{".mp4", "mp4", AV_CODEC_ID_MPEG4, false},
                                                   {".mov", "mov", AV_CODEC_ID_MPEG4, false},
                                                   {".mkv", "matroska", AV_CODEC_ID_MPEG4, false},
                                                   {".avi", "avi", AV_CODEC_ID_MJPEG, true}}};

// The largest side in MPEG-4; larger pictures are encoded as JPEGs.
constexpr int kLongestMpeg4Side = 8191;

// The finest clock that MPEG-4 can express is 1/65535 s; this one holds the usual rates exactly.
constexpr int kTicksPerSecond = 60000;

// MPEG-4's encoder refuses longer steps, so the picture is repeated.
constexpr std::int64_t kMinute = std::int64_t{60} * kTicksPerSecond;
constexpr std::int64_t kDay = 24 * 60 * kMinute;

// The largest tick; a file's clock may claim more.
constexpr double kLastTick = 1e15;

constexpr int kQuality = 3 * FF_QP2LAMBDA;  // of 1 (best) to 31
constexpr int kFramesBetweenKeys = 25;

int checked(int status) {
  if (status < 0) throw Error(av_error_text(status));
  return status;
}

// The output of FFmpeg's muxers, which do not report every failed write. Keeps the first error.
class OutputBytes {
 public:
  explicit OutputBytes(int descriptor) : descriptor_(descriptor) {
    constexpr int kBuffer = 1 << 16;
    auto* const buffer = static_cast<unsigned char*>(av_malloc(kBuffer));
    if (buffer == nullptr) throw std::bad_alloc();
    context_ = avio_alloc_context(buffer, kBuffer, 1, this, nullptr, write_bytes, seek);
    if (context_ != nullptr) return;
    av_free(buffer);
    throw std::bad_alloc();
  }
  ~OutputBytes() {
    av_freep(&context_->buffer);
    avio_context_free(&context_);
  }
  OutputBytes(const OutputBytes&) = delete;
  OutputBytes& operator=(const OutputBytes&) = delete;

  AVIOContext* context() const { return context_; }

  // @throws fer::Error if any write has failed.
  void check() const {
    checked(AVERROR(failure_));
    checked(context_->error);
  }

  void finish() {
    avio_flush(context_);
    check();
  }

 private:
  // FFmpeg's bytes are const from version 7 on.
  template <class Byte>
  static int write_bytes(void* self, Byte* bytes, int size) {
    return static_cast<OutputBytes*>(self)->write(bytes, size);
  }

  int write(const std::uint8_t* bytes, int size) {
    for (int done = 0; failure_ == 0 && done < size;) {
      const ssize_t written =
          ::write(descriptor_, bytes + done, static_cast<std::size_t>(size - done));
      if (written >= 0) {
        done += static_cast<int>(written);
      } else if (errno != EINTR) {
        failure_ = errno;
      }
    }
    return failure_ == 0 ? size : AVERROR(failure_);
  }

  static std::int64_t seek(void* self, std::int64_t offset, int whence) {
    const int descriptor = static_cast<OutputBytes*>(self)->descriptor_;
    if (whence != AVSEEK_SIZE) {
      const off_t place = ::lseek(descriptor, offset, whence & ~AVSEEK_FORCE);
      return place >= 0 ? place : AVERROR(errno);
    }
    struct stat info {};
    return ::fstat(descriptor, &info) == 0 ? info.st_size : AVERROR(errno);
  }

  int descriptor_;
  int failure_ = 0;  // errno of the first write that failed
  AVIOContext* context_ = nullptr;
};

// The file with its video stream.
class Muxer {
 public:
  Muxer(int descriptor, const char* format) : output_(descriptor) {
    checked(avformat_alloc_output_context2(&context_, nullptr, format, nullptr));
    context_->pb = output_.context();
    context_->flags |= AVFMT_FLAG_CUSTOM_IO;
    stream_ = avformat_new_stream(context_, nullptr);
    if (stream_ != nullptr) return;
    avformat_free_context(context_);
    throw std::bad_alloc();
  }
  ~Muxer() { avformat_free_context(context_); }
  Muxer(const Muxer&) = delete;
  Muxer& operator=(const Muxer&) = delete;

  bool wants_global_header() const { return (context_->oformat->flags & AVFMT_GLOBALHEADER) != 0; }

  void begin(const AVCodecContext& codec) {
    codec_unit_ = codec.time_base;
    checked(avcodec_parameters_from_context(stream_->codecpar, &codec));
    stream_->time_base = codec.time_base;
    stream_->avg_frame_rate = codec.framerate;
    checked(avformat_write_header(context_, nullptr));
  }

  // `packet` has times by the codec's clock, and is empty afterwards.
  void write(AVPacket& packet) {
    packet.stream_index = stream_->index;
    av_packet_rescale_ts(&packet, codec_unit_, stream_->time_base);
    checked(av_interleaved_write_frame(context_, &packet));
    output_.check();
  }

  void finish() {
    checked(av_write_trailer(context_));
    output_.finish();
  }

 private:
  OutputBytes output_;
  AVFormatContext* context_ = nullptr;
  AVStream* stream_ = nullptr;
  AVRational codec_unit_ = {};
};

AvCodec open_codec(const Container& container, const cv::Size& size, AVRational rate,
                   bool global_header) {
  const bool jpeg =
      container.codec == AV_CODEC_ID_MJPEG || std::max(size.width, size.height) > kLongestMpeg4Side;
  const AVCodec* kind = avcodec_find_encoder(jpeg ? AV_CODEC_ID_MJPEG : container.codec);
  if (kind == nullptr) throw Error("this FFmpeg has no encoder for it");
  AvCodec codec = own(avcodec_alloc_context3(kind));
  codec->width = size.width;
  codec->height = size.height;
  codec->pix_fmt = AV_PIX_FMT_YUV420P;
  codec->colorspace = AVCOL_SPC_SMPTE170M;
  codec->color_range = jpeg ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  codec->sample_aspect_ratio = {1, 1};
  codec->framerate = rate;
  codec->time_base = container.constant_rate ? av_inv_q(rate) : AVRational{1, kTicksPerSecond};
  codec->gop_size = kFramesBetweenKeys;
  codec->max_b_frames = 0;
  codec->flags |= AV_CODEC_FLAG_QSCALE;
  codec->global_quality = kQuality;
  if (global_header) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  checked(avcodec_open2(codec.get(), kind, nullptr));
  return codec;
}

AvFrame make_frame(const AVCodecContext& codec) {
  AvFrame frame = own(av_frame_alloc());
  frame->width = codec.width;
  frame->height = codec.height;
  frame->format = codec.pix_fmt;
  frame->colorspace = codec.colorspace;
  frame->color_range = codec.color_range;
  frame->quality = codec.global_quality;
  checked(av_frame_get_buffer(frame.get(), 0));
  return frame;
}

class FfmpegEncoder final : public output::VideoEncoder {
 public:
  FfmpegEncoder(int descriptor, const Container& container, const cv::Size& size,
                double frames_per_second)
      : constant_rate_(container.constant_rate),
        rate_(av_d2q(frames_per_second, kTicksPerSecond)),
        longest_step_(constant_rate_ ? 1 : kMinute),
        longest_gap_(constant_rate_ ? std::llround(60.0 * frames_per_second) : kDay),
        muxer_(descriptor, container.muxer),
        codec_(open_codec(container, size, rate_, muxer_.wants_global_header())),
        frame_(make_frame(*codec_)),
        packet_(own(av_packet_alloc())) {
    muxer_.begin(*codec_);
  }

  void write(const cv::Mat& picture, double time_s) override {
    const std::int64_t due = due_tick(time_s);
    if (constant_rate_ && last_ > due) return;  // more than one frame late
    while (last_ >= 0 && due - last_ > longest_step_) encode(last_ + longest_step_);
    convert(picture);
    encode(std::max(last_ + 1, due));
  }

  void finish() override {
    checked(avcodec_send_frame(codec_.get(), nullptr));
    write_packets();
    muxer_.finish();
  }

 private:
  // The tick of `time_s` by the codec's clock, after long gaps were shortened.
  std::int64_t due_tick(double time_s) {
    const double ticks = time_s / av_q2d(codec_->time_base);
    const std::int64_t due = std::llround(std::clamp(ticks, 0.0, kLastTick)) - taken_off_;
    const std::int64_t too_long = last_ < 0 ? due : due - last_ - longest_gap_;
    if (too_long <= 0) return due;
    taken_off_ += too_long;
    return due - too_long;
  }

  void convert(const cv::Mat& picture) {
    checked(av_frame_make_writable(frame_.get()));
    const std::uint8_t* planes[4] = {picture.data, nullptr, nullptr, nullptr};
    const int strides[4] = {static_cast<int>(picture.step), 0, 0, 0};
    const bool full = frame_->color_range == AVCOL_RANGE_JPEG;
    if (!converter_.convert(
            {picture.cols, picture.rows, AV_PIX_FMT_BGR24, {}}, planes, strides,
            {frame_->width, frame_->height, codec_->pix_fmt, {frame_->colorspace, full}},
            frame_->data, frame_->linesize)) {
      throw Error("a picture cannot be converted");
    }
  }

  void encode(std::int64_t pts) {
    last_ = frame_->pts = pts;
    checked(avcodec_send_frame(codec_.get(), frame_.get()));
    write_packets();
  }

  void write_packets() {
    while (true) {
      const int status = avcodec_receive_packet(codec_.get(), packet_.get());
      if (status == AVERROR(EAGAIN) || status == AVERROR_EOF) return;
      checked(status);
      packet_->duration = std::llround(1.0 / (av_q2d(rate_) * av_q2d(codec_->time_base)));
      muxer_.write(*packet_);
    }
  }

  bool constant_rate_;
  AVRational rate_;
  std::int64_t longest_step_;  // between two pictures
  std::int64_t longest_gap_;   // longer gaps are shortened to this
  Muxer muxer_;
  AvCodec codec_;
  AvFrame frame_;
  AvPacket packet_;
  PixelConverter converter_;
  std::int64_t taken_off_ = 0;
  std::int64_t last_ = -1;  // first tick of the last picture, by the codec's clock
};

}  // namespace

std::unique_ptr<output::VideoEncoder> open_video_encoder(int descriptor, const std::string& ending,
                                                         const cv::Size& size,
                                                         double frames_per_second) {
  prepare_ffmpeg();
  const auto* container =
      std::find_if(kContainers.begin(), kContainers.end(),
                   [&](const Container& candidate) { return candidate.ending == ending; });
  if (container == kContainers.end()) throw Error("no container is named " + ending);
  return std::make_unique<FfmpegEncoder>(descriptor, *container, size, frames_per_second);
}

}  // namespace fer::video
