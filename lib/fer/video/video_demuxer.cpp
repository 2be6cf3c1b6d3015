#include "fer/video/video_demuxer.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <vector>

#include "fer/core/address.h"
#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/image/image.h"
#include "fer/source/frame_rate.h"

extern "C" {
#include <libavutil/avstring.h>
#include <libavutil/dict.h>
#include <libavutil/mem.h>
}

namespace fer::video {

namespace {

// A file counts as whole if it has this part of its length: clocks are rounded, and the last
// packets may be lost unnoticed.
constexpr double kLeastShare = 0.98;

// The most seconds of a stream that are read to find its size and rate.
constexpr std::int64_t kLongestLook = 2;

// AVIs that were written into a pipe claim this many frames, which no file has.
constexpr std::int64_t kUnknownLength = 1 << 30;

class Options {
 public:
  Options() = default;
  ~Options() { av_dict_free(&entries_); }
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  void set(const char* key, const std::string& value) {
    av_dict_set(&entries_, key, value.c_str(), 0);
  }
  AVDictionary** get() { return &entries_; }

 private:
  AVDictionary* entries_ = nullptr;
};

double in_seconds(std::int64_t timestamp, AVRational unit) {
  return static_cast<double>(timestamp) * av_q2d(unit);
}

// The size of a Matroska element; nothing if it is unknown.
std::optional<std::int64_t> read_ebml_size(AVIOContext& file) {
  const int first = avio_r8(&file);
  const int more = std::countl_zero(static_cast<std::uint8_t>(first));
  if (more > 7) return std::nullopt;
  std::int64_t size = first & (0x7F >> more), all_ones = 0x7F >> more;
  for (int i = 0; i < more; ++i) {
    size = size << 8 | avio_r8(&file);
    all_ones = all_ones << 8 | 0xFF;
  }
  return size == all_ones ? std::nullopt : std::optional(size);
}

}  // namespace

VideoDemuxer::VideoDemuxer(const VideoDecoderOptions& options) : options_(options) {
  prepare_ffmpeg();
}

VideoDemuxer::~VideoDemuxer() {
  avformat_close_input(&context_);
  avio_closep(&file_);
}

std::unique_ptr<VideoDemuxer> VideoDemuxer::open(const std::string& location,
                                                 const VideoDecoderOptions& options) {
  std::unique_ptr<VideoDemuxer> demuxer(new VideoDemuxer(options));
  demuxer->start_waiting();
  if (!demuxer->open_input(location)) return nullptr;
  if (demuxer->must_go_back()) {
    throw Error(
        std::string("is an MP4 or MOV with its index behind its frames, and ") +
        (demuxer->remote_ ? "its server gives no parts of files" : "a pipe cannot go back") +
        ": read it from a file, or put its index first (ffmpeg -i IN.mp4 -c copy -movflags "
        "+faststart OUT.mp4)");
  }
  if (demuxer->is_jpeg_xl()) throw Error("is a JPEG XL picture, which is not read as a video");
  demuxer->start_waiting();
  if (!demuxer->find_stream()) return nullptr;
  demuxer->discard_others();
  return demuxer;
}

bool VideoDemuxer::open_input(const std::string& location) {
  // Bounds allocations, because a file of some hundred bytes may claim an index of a gigabyte.
  av_max_alloc(image::kMaxImageBytes);
  context_ = avformat_alloc_context();
  if (context_ == nullptr) throw std::bad_alloc();
  context_->interrupt_callback = {interrupted, this};
  Options options;
  options.set("rtsp_flags", "prefer_tcp");  // UDP loses packets, but some cameras have nothing else
  remote_ = is_address(location);
  if (!remote_) {
    if (!open_file(location)) return false;
    // An untrusted file must not make FFmpeg open other files or connections.
    options.set("protocol_whitelist", "none");
  }
  if (options_.patience_s > 0.0) context_->max_analyze_duration = kLongestLook * AV_TIME_BASE;
  const int status =
      unless_no_memory(avformat_open_input(&context_, location.c_str(), nullptr, options.get()));
  if (status < 0 && remote_) throw Error("cannot be opened: " + av_error_text(status));
  if (status < 0) return false;  // it freed the context
  return !is_format("tty");      // any text is a drawing to FFmpeg
}

// JPEG XL is refused: Debian 12's FFmpeg decodes it with libjxl 0.7, which hangs on a certain file
// of 16 bytes.
bool VideoDemuxer::is_jpeg_xl() const {
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    const std::string_view codec = avcodec_get_name(context_->streams[i]->codecpar->codec_id);
    if (codec.starts_with("jpegxl")) return true;
  }
  return false;
}

bool VideoDemuxer::open_file(const std::string& location) {
  // Opened by descriptor, because a file's name may look like an address to FFmpeg.
  constexpr std::string_view kPipe = "pipe:";
  const bool pipe = location.starts_with(kPipe) && location.size() > kPipe.size() &&
                    location.find_first_not_of("0123456789", kPipe.size()) == std::string::npos;
  const std::string name = pipe ? location : "file:" + location;
  if (avio_open2(&file_, name.c_str(), AVIO_FLAG_READ, &context_->interrupt_callback, nullptr) <
      0) {
    return false;
  }
  context_->pb = file_;
  return true;
}

// Whether the input cannot seek, but its frames lie before its index.
bool VideoDemuxer::must_go_back() const {
  if (!is_format("mov") || context_->pb == nullptr) return false;
  if ((context_->pb->seekable & AVIO_SEEKABLE_NORMAL) != 0) return false;
  const std::int64_t read = avio_tell(context_->pb);
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    AVStream* stream = context_->streams[i];
    if (stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO) continue;
    const AVIndexEntry* first = avformat_index_get_entry(stream, 0);
    if (first != nullptr && first->pos < read) return true;
  }
  return false;
}

bool VideoDemuxer::find_stream() {
  std::vector<Options> options(context_->nb_streams);
  std::vector<AVDictionary*> entries;
  for (Options& option : options) {
    option.set("max_pixels", std::to_string(image::kMaxImagePixels));
    entries.push_back(*option.get());
    *option.get() = nullptr;
  }
  const int status = avformat_find_stream_info(context_, entries.data());
  for (AVDictionary* entry : entries) av_dict_free(&entry);
  if (unless_no_memory(status) < 0) return false;
  const int found = av_find_best_stream(context_, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (found < 0) return false;
  stream_ = context_->streams[found];
  if ((stream_->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) return false;  // a song's cover
  const AVCodecParameters& video = *stream_->codecpar;
  codec_ = avcodec_find_decoder(video.codec_id);
  if (codec_ == nullptr) {
    throw Error("is a video of a codec (" + std::string(avcodec_get_name(video.codec_id)) +
                ") that this FFmpeg cannot decode");
  }
  const std::int64_t pixels = std::int64_t{video.width} * video.height;
  if (pixels > image::kMaxImagePixels) {
    throw Error("has frames of " + grouped(pixels) + " pixels; at most " +
                grouped(image::kMaxImagePixels) + " are allowed");
  }
  if (context_->start_time != AV_NOPTS_VALUE) {
    start_s_ = std::max(0.0, static_cast<double>(context_->start_time) / AV_TIME_BASE);
  }
  return true;
}

// Discards other streams, but not of Matroska files, whose duration is that of the longest stream.
void VideoDemuxer::discard_others() {
  if (is_format("matroska")) return;
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    if (context_->streams[i] != stream_) context_->streams[i]->discard = AVDISCARD_ALL;
  }
}

int VideoDemuxer::interrupted(void* self) {
  const auto& demuxer = *static_cast<const VideoDemuxer*>(self);
  if (demuxer.options_.stopped && demuxer.options_.stopped()) return 1;
  const bool late =
      demuxer.options_.patience_s > 0.0 && std::chrono::steady_clock::now() > demuxer.deadline_;
  return late ? 1 : 0;
}

void VideoDemuxer::start_waiting() {
  using Clock = std::chrono::steady_clock;
  deadline_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                 std::chrono::duration<double>(options_.patience_s));
}

bool VideoDemuxer::read(AVPacket& packet) {
  start_waiting();
  while (interrupted(this) == 0) {
    av_packet_unref(&packet);
    const int status = unless_no_memory(av_read_frame(context_, &packet));
    if (status == AVERROR(EAGAIN)) continue;
    last_status_ = status;
    if (status < 0) return false;
    record(packet);
    if (packet.stream_index == stream_->index) return true;
  }
  last_status_ = AVERROR_EXIT;
  return false;
}

void VideoDemuxer::record(const AVPacket& packet) {
  const AVStream& stream = *context_->streams[packet.stream_index];
  const std::int64_t start = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  const double end_s =
      start == AV_NOPTS_VALUE ? 0.0 : in_seconds(start + packet.duration, stream.time_base);
  end_s_ = std::max(end_s_, end_s);
  if (&stream != stream_) return;
  if ((packet.flags & AV_PKT_FLAG_DISCARD) == 0) ++packets_;
  video_end_s_ = std::max(video_end_s_, end_s);
}

double VideoDemuxer::frames_per_second() const {
  const double guessed = av_q2d(av_guess_frame_rate(context_, stream_, nullptr));
  if (source::is_usable_rate(guessed)) return guessed;
  const double average = av_q2d(stream_->avg_frame_rate);
  return source::is_usable_rate(average) ? average : source::kUsualRate;
}

double VideoDemuxer::seconds(std::int64_t timestamp) const {
  return std::max(0.0, in_seconds(timestamp, stream_->time_base) - start_s_);
}

double VideoDemuxer::pixel_aspect(AVFrame& frame) const {
  const AVRational aspect = av_guess_sample_aspect_ratio(context_, stream_, &frame);
  return aspect.num > 0 && aspect.den > 0 ? av_q2d(aspect) : 1.0;
}

std::optional<std::array<std::int32_t, 9>> VideoDemuxer::display_matrix() const {
  const std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 16, 100)  // FFmpeg 6.1
  const AVPacketSideData* data =
      av_packet_side_data_get(stream_->codecpar->coded_side_data,
                              stream_->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  if (data != nullptr) {
    bytes = data->data;
    size = data->size;
  }
#else
  bytes = av_stream_get_side_data(stream_, AV_PKT_DATA_DISPLAYMATRIX, &size);
#endif
  std::array<std::int32_t, 9> matrix{};
  if (bytes == nullptr || size < sizeof matrix) return std::nullopt;
  std::memcpy(matrix.data(), bytes, sizeof matrix);
  return matrix;
}

bool VideoDemuxer::is_format(const char* name) const {
  return av_match_name(name, context_->iformat->name) != 0;
}

bool VideoDemuxer::has_end() const {
  return stream_->nb_frames > 0 || (context_->duration != AV_NOPTS_VALUE && context_->duration > 0);
}

// Why the input could not be read to its end. Demuxers report errors even at the end of whole local
// files, so for these only errors of the file itself count.
std::string VideoDemuxer::broken_off() const {
  if (options_.stopped && options_.stopped()) return "";
  const int file = context_->pb != nullptr ? context_->pb->error : 0;
  const bool read_error = file < 0 && file != AVERROR_EOF;
  const bool lost = remote_ && last_status_ < 0 && last_status_ != AVERROR_EOF;
  if (last_status_ == AVERROR_EXIT) {
    return "nothing more came for " + fixed(options_.patience_s, 0) + " seconds";
  }
  if (!read_error && !lost) return "";
  return "it cannot be read any further: " + av_error_text(read_error ? file : last_status_);
}

std::string VideoDemuxer::missing(std::int64_t frames) const {
  if (const std::string why = broken_off(); !why.empty()) return why;
  if (is_format("mov")) return missing_packets(frames);
  // By the header, because FFmpeg shortens the duration to the rest of the file. Repeated frames
  // have no packets, so that a whole file may seem short.
  if (is_format("avi") && stream_->nb_frames > 0 && stream_->nb_frames < kUnknownLength) {
    if (is_avi_whole()) return "";
    return missing_time(in_seconds(stream_->nb_frames, stream_->time_base), video_end_s_);
  }
  const bool declared = context_->duration != AV_NOPTS_VALUE &&
                        context_->duration_estimation_method == AVFMT_DURATION_FROM_STREAM;
  // The duration includes the last frame, but its packet has no length, so the file itself must be
  // too short as well.
  if (!is_format("matroska") || !declared || !is_matroska_cut()) return "";
  return missing_time(static_cast<double>(context_->duration) / AV_TIME_BASE, end_s_);
}

// The index of MP4 and MOV has an entry for every packet that the edit list includes, and for those
// that are decoded but not shown. The last packet in the file may be cut and give no frame.
std::string VideoDemuxer::missing_packets(std::int64_t frames) const {
  std::int64_t indexed = 0;
  for (int i = 0; i < avformat_index_get_entries_count(stream_); ++i) {
    const AVIndexEntry* entry = avformat_index_get_entry(stream_, i);
    if ((entry->flags & AVINDEX_DISCARD_FRAME) == 0) ++indexed;
  }
  const bool whole =
      static_cast<double>(packets_) + 1.0 >= kLeastShare * static_cast<double>(indexed);
  if (whole) return "";
  return "it ends after " + grouped(std::min(frames, packets_)) + " of " +
         counted(indexed, "frame");
}

// Whether the file is shorter than its segment, which begins behind the header, claims.
bool VideoDemuxer::is_matroska_cut() const {
  constexpr std::int64_t kHeader = 0x1A45DFA3, kSegment = 0x18538067;
  if (file_ == nullptr || file_->seekable == 0 || avio_seek(file_, 0, SEEK_SET) < 0) return false;
  if (avio_rb32(file_) != kHeader) return false;
  const auto header = read_ebml_size(*file_);
  if (!header || avio_skip(file_, *header) < 0 || avio_rb32(file_) != kSegment) return false;
  const auto segment = read_ebml_size(*file_);
  return segment && *segment > avio_size(file_) - avio_tell(file_);
}

// Whether its single RIFF list is complete. False if its size is unknown or there are several
// lists.
bool VideoDemuxer::is_avi_whole() const {
  constexpr std::int64_t kHeader = 8, kPadding = 64 * 1024;
  if (file_ == nullptr || file_->seekable == 0 || avio_seek(file_, 0, SEEK_SET) < 0) return false;
  if (avio_rb32(file_) != 0x52494646) return false;  // "RIFF"
  const std::int64_t declared = kHeader + std::int64_t{avio_rl32(file_)};
  const std::int64_t size = avio_size(file_);
  return declared <= size && size <= declared + kPadding;
}

std::string VideoDemuxer::missing_time(double declared_s, double seen_s) const {
  if (seen_s + 1.5 / frames_per_second() >= kLeastShare * declared_s) return "";
  return "it ends after " + fixed(seen_s, 1) + " of " + fixed(declared_s, 1) + " seconds";
}

}  // namespace fer::video
