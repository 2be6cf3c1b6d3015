// Videos with what a container can say of its frames, written with FFmpeg's libraries themselves.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
}

namespace fer::test {

using DisplayMatrix = std::array<int, 4>;  // a, b, c, d: 1, 0 or -1

struct VideoRecipe {
  std::vector<double> times_s = {0.0, 0.1, 0.2};  // when each picture is shown; rising
  std::function<cv::Mat(std::size_t)> picture;    // 8-bit BGR, of one size
  bool h264 = false;                              // as phones write it
  std::optional<DisplayMatrix> matrix;
  AVRational pixel_aspect = {1, 1};
  bool sound = false;        // from 0 to the last picture, silent
  bool index_first = false;  // MP4 and MOV: what is cut off is not the index
  int frames_between_keys = 300;
};

// 64x48: red and green above blue and white.
inline cv::Mat four_colours() {
  cv::Mat picture(48, 64, CV_8UC3, cv::Scalar(255, 255, 255));
  picture(cv::Rect(0, 0, 32, 24)) = cv::Scalar(0, 0, 255);
  picture(cv::Rect(32, 0, 32, 24)) = cv::Scalar(0, 255, 0);
  picture(cv::Rect(0, 24, 32, 24)) = cv::Scalar(255, 0, 0);
  return picture;
}

// The corners' colours, row by row: "RGBW" of four_colours().
inline std::string corners_of(const cv::Mat& picture) {
  std::string letters;
  for (const int y : {1, 3}) {
    for (const int x : {1, 3}) {
      const auto pixel = picture.at<cv::Vec3b>(picture.rows * y / 4, picture.cols * x / 4);
      const bool blue = pixel[0] > 127, green = pixel[1] > 127, red = pixel[2] > 127;
      letters += blue && green && red ? 'W' : (red ? 'R' : (green ? 'G' : (blue ? 'B' : '?')));
    }
  }
  return letters;
}

// 64x48, its number in both halves' brightness; up to 80.
inline cv::Mat numbered_picture(std::size_t number) {
  constexpr double kStep = 28.0;
  cv::Mat picture(48, 64, CV_8UC3, cv::Scalar::all(kStep * static_cast<double>(number / 9)));
  picture.colRange(32, 64) = cv::Scalar::all(kStep * static_cast<double>(number % 9));
  return picture;
}

inline long number_of(const cv::Mat& picture) {
  const int half = picture.cols / 2;
  return 9 * std::lround(cv::mean(picture.colRange(0, half))[0] / 28.0) +
         std::lround(cv::mean(picture.colRange(half, picture.cols))[0] / 28.0);
}

// Whether this FFmpeg can write what save_video_as() puts into the container.
inline bool can_write(const std::string& ending) {
  return avcodec_find_encoder(ending == ".webm" ? AV_CODEC_ID_VP8 : AV_CODEC_ID_MPEG4) != nullptr;
}

class RecipeWriter {
 public:
  RecipeWriter(const std::string& path, const VideoRecipe& recipe) : recipe_(recipe) {
    check(avformat_alloc_output_context2(&context_, nullptr, nullptr, path.c_str()));
    if (recipe_.sound) add_sound();  // first: a player need not find the video first
    add_video(recipe.h264               ? AV_CODEC_ID_H264
              : path.ends_with(".webm") ? AV_CODEC_ID_VP8
                                        : AV_CODEC_ID_MPEG4);
    check(avio_open(&context_->pb, path.c_str(), AVIO_FLAG_WRITE));
    AVDictionary* options = nullptr;
    if (recipe_.index_first) av_dict_set(&options, "movflags", "+faststart", 0);
    const int status = avformat_write_header(context_, &options);
    av_dict_free(&options);
    check(status);
  }
  ~RecipeWriter() {
    av_packet_free(&packet_);
    av_frame_free(&frame_);
    avcodec_free_context(&codec_);
    if (context_ != nullptr) avio_closep(&context_->pb);
    avformat_free_context(context_);
  }
  RecipeWriter(const RecipeWriter&) = delete;
  RecipeWriter& operator=(const RecipeWriter&) = delete;

  void write() {
    if (sound_ != nullptr) write_sound();
    for (std::size_t i = 0; i < recipe_.times_s.size(); ++i) {
      paint(recipe_.picture ? recipe_.picture(i) : four_colours());
      frame_->pts = ticks(recipe_.times_s[i]) - ticks(recipe_.times_s[0]);
      check(avcodec_send_frame(codec_, frame_));
      write_packets();
    }
    check(avcodec_send_frame(codec_, nullptr));
    write_packets();
    check(av_write_trailer(context_));
  }

 private:
  static int check(int status) {
    if (status < 0) throw std::runtime_error("FFmpeg cannot write this test's video");
    return status;
  }
  static std::int64_t ticks(double seconds) { return std::llround(seconds * 1000.0); }

  // AVI counts its frames: at the rate of the first two.
  AVRational unit() const {
    const bool counts = std::strcmp(context_->oformat->name, "avi") == 0;
    const std::int64_t step = ticks(recipe_.times_s.at(1)) - ticks(recipe_.times_s[0]);
    return counts ? AVRational{static_cast<int>(step), 1000} : AVRational{1, 1000};
  }

  void add_video(AVCodecID id) {
    const AVCodec* kind = avcodec_find_encoder(id);
    codec_ = avcodec_alloc_context3(kind);
    const cv::Mat first = recipe_.picture ? recipe_.picture(0) : four_colours();
    codec_->width = first.cols;
    codec_->height = first.rows;
    codec_->pix_fmt = AV_PIX_FMT_YUV420P;
    codec_->time_base = {1, 1000};
    codec_->gop_size = recipe_.frames_between_keys;
    codec_->sample_aspect_ratio = recipe_.pixel_aspect;
    codec_->flags |= AV_CODEC_FLAG_QSCALE;
    codec_->global_quality = 2 * FF_QP2LAMBDA;
    codec_->bit_rate = 4'000'000;
    if ((context_->oformat->flags & AVFMT_GLOBALHEADER) != 0) {
      codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    }
    check(avcodec_open2(codec_, kind, nullptr));
    video_ = avformat_new_stream(context_, nullptr);
    check(avcodec_parameters_from_context(video_->codecpar, codec_));
    video_->time_base = unit();
    video_->sample_aspect_ratio = recipe_.pixel_aspect;
    if (recipe_.matrix) add_matrix(*recipe_.matrix);
    frame_ = av_frame_alloc();
    frame_->width = codec_->width;
    frame_->height = codec_->height;
    frame_->format = codec_->pix_fmt;
    check(av_frame_get_buffer(frame_, 0));
    packet_ = av_packet_alloc();
  }

  void add_matrix(const DisplayMatrix& matrix) {
    constexpr std::int32_t kOne = 1 << 16;
    const std::array<std::int32_t, 9> full = {
        matrix[0] * kOne, matrix[1] * kOne, 0, matrix[2] * kOne, matrix[3] * kOne, 0, 0, 0,
        1 << 30};
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 16, 100)  // FFmpeg 6.1
    AVCodecParameters& video = *video_->codecpar;
    std::uint8_t* bytes = av_packet_side_data_new(&video.coded_side_data, &video.nb_coded_side_data,
                                                  AV_PKT_DATA_DISPLAYMATRIX, sizeof full, 0)
                              ->data;
#else
    std::uint8_t* bytes = av_stream_new_side_data(video_, AV_PKT_DATA_DISPLAYMATRIX, sizeof full);
#endif
    std::memcpy(bytes, full.data(), sizeof full);
  }

  static constexpr int kSoundRate = 8000;

  void add_sound() {
    sound_ = avformat_new_stream(context_, nullptr);
    AVCodecParameters& sound = *sound_->codecpar;
    sound.codec_type = AVMEDIA_TYPE_AUDIO;
    sound.codec_id = AV_CODEC_ID_PCM_S16LE;
    sound.format = AV_SAMPLE_FMT_S16;
    sound.sample_rate = kSoundRate;
    sound.bits_per_coded_sample = 16;
    sound.block_align = 2;
    sound.bit_rate = 16 * kSoundRate;
    av_channel_layout_default(&sound.ch_layout, 1);
    sound_->time_base = {1, kSoundRate};
  }

  // A second of it in each packet; they are interleaved by the muxer.
  void write_sound() {
    for (int second = 0; second < recipe_.times_s.back(); ++second) {
      check(av_new_packet(packet_, 2 * kSoundRate));
      std::memset(packet_->data, 0, 2 * kSoundRate);
      packet_->pts = packet_->dts = std::int64_t{second} * kSoundRate;
      packet_->duration = kSoundRate;
      packet_->flags |= AV_PKT_FLAG_KEY;
      send(*packet_, {1, kSoundRate}, *sound_);
    }
  }

  void paint(const cv::Mat& picture) {
    check(av_frame_make_writable(frame_));
    const auto put = [&](int plane, int step, auto value) {
      for (int y = 0; y * step < picture.rows; ++y) {
        for (int x = 0; x * step < picture.cols; ++x) {
          const cv::Vec3b pixel = picture.at<cv::Vec3b>(y * step, x * step);
          frame_->data[plane][y * frame_->linesize[plane] + x] =
              cv::saturate_cast<std::uint8_t>(value(pixel[2], pixel[1], pixel[0]));
        }
      }
    };
    // BT.601, levels 16 to 235.
    put(0, 1, [](double r, double g, double b) { return 16 + .257 * r + .504 * g + .098 * b; });
    put(1, 2, [](double r, double g, double b) { return 128 - .148 * r - .291 * g + .439 * b; });
    put(2, 2, [](double r, double g, double b) { return 128 + .439 * r - .368 * g - .071 * b; });
  }

  void write_packets() {
    while (avcodec_receive_packet(codec_, packet_) >= 0) {
      packet_->pts += ticks(recipe_.times_s[0]);
      packet_->dts += ticks(recipe_.times_s[0]);
      packet_->duration = ticks(recipe_.times_s.back()) - ticks(*(recipe_.times_s.end() - 2));
      send(*packet_, {1, 1000}, *video_);
    }
  }

  void send(AVPacket& packet, AVRational unit, const AVStream& stream) {
    packet.stream_index = stream.index;
    av_packet_rescale_ts(&packet, unit, stream.time_base);
    check(av_interleaved_write_frame(context_, &packet));
  }

  const VideoRecipe& recipe_;
  AVFormatContext* context_ = nullptr;
  AVStream* video_ = nullptr;
  AVStream* sound_ = nullptr;
  AVCodecContext* codec_ = nullptr;
  AVFrame* frame_ = nullptr;
  AVPacket* packet_ = nullptr;
};

// The container and codec are chosen by the path's ending: .mp4, .mov, .mkv and .avi with MPEG-4,
// .webm with VP8.
inline std::string save_video_as(const std::string& path, const VideoRecipe& recipe) {
  RecipeWriter(path, recipe).write();
  return path;
}

// `count` times from `start_s` on, `step_s` apart.
inline std::vector<double> regular_times(double start_s, double step_s, int count) {
  std::vector<double> times;
  for (int i = 0; i < count; ++i) times.push_back(start_s + step_s * i);
  return times;
}

}  // namespace fer::test
