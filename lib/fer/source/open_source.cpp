#include "fer/source/open_source.h"

#include <glob.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <iostream>
#include <new>
#include <optional>
#include <vector>

#include "fer/core/address.h"
#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/image/file_type.h"
#include "fer/image/folder_files.h"
#include "fer/image/image.h"
#include "fer/image/picture_header.h"
#include "fer/source/camera_source.h"
#include "fer/source/interruptible_input.h"
#include "fer/source/reconnecting_source.h"
#include "fer/source/stdin_input.h"
#include "fer/source/video_source.h"

namespace fer::source {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAllowed =
    "a picture, folder, glob pattern, video, camera (0, /dev/video0), stream (rtsp://, http://), "
    "pipe, or - for file names or a picture on standard input";

template <class Read>
void read_picture(Frame& frame, const Read& read) {
  try {
    frame.image = read();
    frame.size = frame.image.size();
  } catch (const Error& error) {
    frame.error = error.what();
  } catch (const std::bad_alloc&) {
    frame.error = frame.source + ": there is too little memory for it";
  }
}

class ImageFile final : public Source {
 public:
  explicit ImageFile(std::string path) : path_(std::move(path)) {}
  SourceKind kind() const override { return SourceKind::image; }

  bool next(Frame& frame) override {
    frame = Frame();
    frame.source = path_;
    if (done_) return false;
    done_ = true;
    read_picture(frame, [this] { return image::read_image(path_); });
    return true;
  }

 private:
  std::string path_;
  bool done_ = false;
};

bool is_picture(const std::string& path) {
  if (image::has_image_extension(path)) return true;
  if (has_video_extension(path)) return false;
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return true;  // read_image reports what is wrong with it
  const image::FileKind kind = image::type_of_file(path).kind;
  // Foreign pictures are no videos, although FFmpeg would read a part of some as one.
  return kind == image::FileKind::picture || kind == image::FileKind::foreign;
}

std::unique_ptr<Source> open_file(const std::string& path, const SourceOptions& options) {
  if (!is_address(path) && is_picture(path)) return std::make_unique<ImageFile>(path);
  return open_video(path, options);
}

// Reads files one after the other; `next_name` gives their names.
class FileList final : public Source {
 public:
  using NextName = std::function<std::optional<std::string>()>;

  FileList(NextName next_name, const SourceOptions& options)
      : next_name_(std::move(next_name)), options_(options) {}
  SourceKind kind() const override { return SourceKind::files; }

  bool next(Frame& frame) override {
    while (true) {
      if (current_ && current_->next(frame)) return true;
      current_.reset();
      const std::optional<std::string> name = next_name_();
      if (!name) return false;
      if (options_.shard.takes(*name)) current_ = open_file(*name, options_);
    }
  }

 private:
  NextName next_name_;
  SourceOptions options_;
  std::unique_ptr<Source> current_;
};

// Reports how many of the files are in this shard, which explains an empty one.
void remark_shard(const std::string& of, const std::vector<std::string>& paths,
                  const SourceOptions& options) {
  if (options.shard.whole() || !options.remark) return;
  const auto taken = std::count_if(paths.begin(), paths.end(), [&](const std::string& path) {
    return options.shard.takes(path);
  });
  options.remark(of + ": shard " + options.shard.text() + " is " + grouped(taken) + " of " +
                 counted(static_cast<std::int64_t>(paths.size()), "file"));
}

// `of`: the folder or pattern.
std::unique_ptr<Source> open_list(const std::string& of, std::vector<std::string> paths,
                                  const SourceOptions& options) {
  remark_shard(of, paths, options);
  std::sort(paths.begin(), paths.end());  // by bytes, not by the locale
  auto next_name = [paths = std::move(paths),
                    at = std::size_t{0}]() mutable -> std::optional<std::string> {
    if (at == paths.size()) return std::nullopt;
    return paths[at++];
  };
  return std::make_unique<FileList>(std::move(next_name), options);
}

// Standard input, or a named pipe, which is opened when its turn comes.
class PipedSource final : public Source {
 public:
  using Open = std::function<std::shared_ptr<std::istream>()>;

  PipedSource(std::string name, Open open, const SourceOptions& options)
      : name_(std::move(name)), open_(std::move(open)), options_(options) {}
  SourceKind kind() const override { return SourceKind::files; }

  bool next(Frame& frame) override {
    if (names_) return names_->next(frame);
    if (ended_) return false;
    ended_ = true;
    frame = Frame();
    frame.source = name_;
    bool names = false;
    read_picture(frame, [&] {
      stream_ = open_();
      StdinInput& input = input_.emplace(*stream_);
      if (input.is_picture()) return image::decode_image(input.picture(name_), name_);
      input.check_names(name_);
      names = true;
      return cv::Mat();
    });
    if (options_.stopped && options_.stopped()) return false;  // an early end is no error then
    if (!names) return options_.shard.takes(name_);  // a picture is in one shard, as files are
    names_ = std::make_unique<FileList>([this] { return input_->next_name(); }, options_);
    return names_->next(frame);
  }

 private:
  std::string name_;
  Open open_;
  SourceOptions options_;
  std::shared_ptr<std::istream> stream_;
  std::optional<StdinInput> input_;
  std::unique_ptr<FileList> names_;
  bool ended_ = false;
};

// A video from a pipe. The wait for the pipe's writer can be stopped.
class PipedVideo final : public Source {
 public:
  PipedVideo(std::string path, const SourceOptions& options)
      : path_(std::move(path)), options_(options) {}
  SourceKind kind() const override { return SourceKind::video; }

  bool next(Frame& frame) override {
    if (!video_) {
      pipe_.emplace(path_, options_.stopped);
      if (!pipe_->wait()) return false;
      video_ = open_video(path_, options_, "pipe:" + std::to_string(pipe_->descriptor()));
    }
    if (video_->next(frame)) return true;
    pipe_.reset();
    return false;
  }

 private:
  std::string path_;
  SourceOptions options_;
  std::optional<InterruptibleBuffer> pipe_;
  std::unique_ptr<Source> video_;
};

// An istream that owns its InterruptibleBuffer.
class InterruptibleStream final : public std::istream {
 public:
  template <class... Arguments>
  explicit InterruptibleStream(const Arguments&... arguments)
      : std::istream(nullptr), buffer_(arguments...) {
    rdbuf(&buffer_);
  }

 private:
  InterruptibleBuffer buffer_;
};

std::unique_ptr<Source> open_pipe(const std::string& path, const SourceOptions& options) {
  const auto open = [path, options] {
    return std::make_shared<InterruptibleStream>(path, options.stopped);
  };
  return std::make_unique<PipedSource>(path, open, options);
}

// The process's standard input may never end, so its reads can be stopped.
std::unique_ptr<Source> open_standard_input(const SourceOptions& options, std::istream& input) {
  const auto open = [options, &input]() -> std::shared_ptr<std::istream> {
    if (&input == &std::cin) return std::make_shared<InterruptibleStream>(options.stopped);
    return {std::shared_ptr<void>(), &input};
  };
  return std::make_unique<PipedSource>("standard input", open, options);
}

// Whether the name alone makes a file in a folder a video; not with .ts, which is also TypeScript.
bool is_named_video(const fs::path& path) {
  return has_video_extension(path) && to_lower(path.extension().string()) != ".ts";
}

std::unique_ptr<Source> open_folder(const std::string& folder, const SourceOptions& options) {
  image::LeftOut left_out;
  const image::ListOptions list{.recursive = options.recursive,
                                .videos = options.videos,
                                .trusted = options.videos ? is_named_video : nullptr};
  std::vector<std::string> paths;
  for (const fs::path& path : image::list_folder(folder, list, left_out))
    paths.push_back(path.string());
  if (!options.recursive) {
    const std::string looked_into = option("recursive") + " looks into";
    for (const fs::path& below : image::folders_in(folder)) {
      left_out.add({"folder, which " + looked_into, "folders, which " + looked_into}, below);
    }
  }
  const std::string passed_over = left_out.empty() ? "" : "left out: " + left_out.text(folder);
  if (paths.empty()) {
    throw Error(folder + ": is a folder without pictures (" + std::string(image::kPictureFormats) +
                ")" + (options.videos ? " or videos" : "") +
                (passed_over.empty() ? "" : "; " + passed_over));
  }
  if (!passed_over.empty() && options.remark) options.remark(folder + ": " + passed_over);
  return open_list(folder, std::move(paths), options);
}

// The argument for error messages, which must not show a password, even in an address with a
// mistyped scheme.
std::string mistaken(const std::string& argument) {
  constexpr std::string_view kScheme = "://";
  std::size_t slashes = argument.find("//");
  if (slashes == std::string::npos) slashes = argument.find(":/");
  const std::size_t host =
      slashes == std::string::npos ? 0 : argument.find_first_not_of(":/", slashes);
  if (host == std::string::npos) return argument;
  const std::string rest = std::string(kScheme) + argument.substr(host);
  return argument.substr(0, host) + without_passwords(rest).substr(kScheme.size());
}

std::vector<std::string> matches_of(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), GLOB_NOSORT | GLOB_MARK, nullptr, &found);
  std::vector<std::string> paths;
  for (std::size_t i = 0; status == 0 && i < found.gl_pathc; ++i) {
    std::string path = found.gl_pathv[i];
    if (!path.ends_with('/')) paths.push_back(std::move(path));  // GLOB_MARK: folders end with it
  }
  ::globfree(&found);
  if (paths.empty()) throw Error(mistaken(pattern) + ": no file matches this pattern");
  return paths;
}

bool is_camera(const std::string& argument) {
  constexpr std::string_view kDevice = "/dev/video";
  std::string_view digits = argument;
  if (digits.starts_with(kDevice)) digits.remove_prefix(kDevice.size());
  return !digits.empty() && digits.size() <= 3 &&
         digits.find_first_not_of("0123456789") == std::string_view::npos;
}

// Whether it is a URL of a scheme that FFmpeg reads.
bool is_url(const std::string& argument) {
  constexpr std::array<std::string_view, 7> kSchemes = {
      "rtsp://", "rtsps://", "rtmp://", "http://", "https://", "udp://", "tcp://"};
  const std::string lower = to_lower(argument);
  return std::any_of(kSchemes.begin(), kSchemes.end(),
                     [&](std::string_view scheme) { return lower.starts_with(scheme); });
}

// A video or picture file on a server is no stream: it has an end, and no frame may be dropped.
bool is_stream(const std::string& argument) {
  const std::string path = argument.substr(0, argument.find_first_of("?#"));
  const std::string ending = to_lower(fs::path(path).extension().string());
  if (ending == ".mjpg" || ending == ".mjpeg") return is_url(argument);  // a camera's
  return is_url(argument) && !has_video_extension(path) && !image::has_image_extension(path);
}

}  // namespace

std::unique_ptr<Source> open_source(const std::string& argument, const SourceOptions& options,
                                    std::istream& input) {
  if (argument == "-") return open_standard_input(options, input);
  if (is_camera(argument) || is_stream(argument)) {
    return std::make_unique<ReconnectingSource>(
        [argument, options] {
          return is_camera(argument) ? open_camera(argument, options)
                                     : open_stream(argument, options);
        },
        ReconnectOptions{.patience_s = options.reconnect_s, .notice = options.notice},
        steady_waiting_clock(options.stopped));
  }
  if (is_url(argument)) return open_video(argument, options);
  std::error_code ignored;
  const fs::file_status status = fs::status(argument, ignored);
  if (fs::is_directory(status)) return open_folder(argument, options);
  if (fs::is_regular_file(status)) return open_file(argument, options);
  if (fs::is_fifo(status)) {
    if (!has_video_extension(argument)) return open_pipe(argument, options);
    return std::make_unique<PipedVideo>(argument, options);
  }
  if (argument.find_first_of("*?[") != std::string::npos) {
    return open_list(argument, matches_of(argument), options);
  }
  const bool looks_like_file =
      image::has_image_extension(argument) || has_video_extension(argument);
  if (looks_like_file && !fs::exists(status)) return open_file(argument, options);
  throw Error(quote(mistaken(argument), 200) +
              ": is not a source; allowed: " + std::string(kAllowed));
}

}  // namespace fer::source
