#include "fer/source/stdin_input.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/image/file_type.h"
#include "fer/image/image.h"
#include "fer/image/picture_header.h"

namespace fer::source {

namespace {

using std::string_view_literals::operator""sv;

// How the formats of read_picture_header begin: ? is any byte, _ white space, 0 a digit or the # of
// a comment. No list of ordinary file names begins like this: it would not be UTF-8, or begin with
// a file "P1" to "P6" and one whose name begins with a digit.
constexpr std::array kStarts = {"\xff\xd8\xff"sv,
                                "\x89PNG\r\n"sv,
                                "BM????\0\0\0\0"sv,
                                "RIFF????WEBP"sv,
                                "II*\0"sv,
                                "MM\0*"sv,
                                "GIF87a"sv,
                                "GIF89a"sv,
                                "\0\0\0\x0cjP  \r\n"sv,
                                "\xff\x4f\xff\x51"sv,
                                "P1_0"sv,
                                "P2_0"sv,
                                "P3_0"sv,
                                "P4_0"sv,
                                "P5_0"sv,
                                "P6_0"sv};

bool fits(char pattern, char c) {
  switch (pattern) {
    case '?':
      return true;
    case '_':
      return c == ' ' || (c >= '\t' && c <= '\r');
    case '0':
      return c == '#' || (c >= '0' && c <= '9');
    default:
      return c == pattern;
  }
}

}  // namespace

bool StdinInput::is_picture() {
  std::vector<std::string_view> possible(kStarts.begin(), kStarts.end());
  while (!possible.empty()) {
    for (const std::string_view start : possible) {
      if (start.size() == start_.size()) return true;
    }
    char c = 0;
    if (!stream_.get(c)) return false;
    const std::size_t at = start_.size();
    start_ += c;
    std::erase_if(possible, [&](std::string_view start) { return !fits(start[at], c); });
  }
  return false;
}

bool StdinInput::get(char& c) {
  if (taken_ == start_.size()) return static_cast<bool>(stream_.get(c));
  c = start_[taken_++];
  return true;
}

// Refuses unsupported picture formats by their signatures, which begin no file name, either.
void StdinInput::refuse_pictures(const std::string& source) {
  if (start_.empty() || (start_.front() != '\0' && start_.front() != '\xff')) return;
  char c = 0;
  while (start_.size() < image::kTypeBytes && stream_.get(c)) start_ += c;
  const image::FileType type = image::type_of_content(start_);
  image::refuse_foreign(type, source);
  if (type.kind == image::FileKind::picture) {
    throw Error(source + ": is an " + std::string(type.format) +
                " picture, which can be read from a file only, not from a pipe");
  }
}

void StdinInput::check_names(const std::string& source) {
  refuse_pictures(source);
  first_name_ = read_name();
  if (!first_name_) throw Error(source + ": is empty: neither a picture nor names of files");
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; };
  const bool binary = start_.front() == '\0';  // as MP4s begin, but no list of names
  if (binary || std::any_of(first_name_->begin(), first_name_->end(), control)) {
    throw Error(
        source + ": is neither a picture (" + std::string(image::kPictureFormats) +
        ") nor a list of file names; a video cannot be read from standard input, only from a "
        "file or a pipe with a video's name (.mkv, .avi)");
  }
}

std::optional<std::string> StdinInput::next_name() {
  if (first_name_) return std::exchange(first_name_, std::nullopt);
  return read_name();
}

std::optional<std::string> StdinInput::read_name() {
  constexpr std::size_t kLongestName = 4096;
  std::string name;
  char c = 0;
  while (get(c)) {
    const bool ends = ending_ ? c == *ending_ : c == '\n' || c == '\0';
    if (ends) {
      if (!trim(name).empty()) {
        ending_ = c;
        break;
      }
      name.clear();
    } else if (name.size() < kLongestName) {
      name += c;
    }
  }
  if (!name.empty() && name.back() == '\r' && ending_ != '\0') name.pop_back();
  if (trim(name).empty()) return std::nullopt;
  return name;
}

std::string StdinInput::picture(const std::string& name) {
  constexpr std::size_t kBlock = 1 << 16;
  std::string bytes = start_;
  std::vector<char> block(kBlock);
  while (stream_.read(block.data(), kBlock) || stream_.gcount() > 0) {
    bytes.append(block.data(), static_cast<std::size_t>(stream_.gcount()));
    if (bytes.size() > image::kMaxImageBytes) {
      throw Error(name + ": more than " + grouped(image::kMaxImageBytes) + " bytes of a picture");
    }
  }
  return bytes;
}

}  // namespace fer::source
