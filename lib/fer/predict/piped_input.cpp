#include "fer/predict/piped_input.h"

#include <array>
#include <string_view>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/image/image.h"

namespace fer {

namespace {

using std::string_view_literals::operator""sv;

// How the formats of read_picture_header begin; ? is any byte. No file name begins like these: they
// are no UTF-8, or hold zero bytes where a name would have ended.
constexpr std::array kStarts = {
    "\xff\xd8\xff"sv, "\x89PNG\r\n"sv, "BM????\0\0\0\0"sv, "RIFF????WEBP"sv, "II*\0"sv, "MM\0*"sv,
    "P1\n"sv,         "P2\n"sv,        "P3\n"sv,           "P4\n"sv,         "P5\n"sv,  "P6\n"sv};

}  // namespace

bool PipedInput::is_picture() {
  std::vector<std::string_view> possible(kStarts.begin(), kStarts.end());
  while (!possible.empty()) {
    for (const std::string_view start : possible) {
      if (start.size() == start_.size()) return true;
    }
    char c = 0;
    if (!stream_.get(c)) return false;
    const std::size_t at = start_.size();
    start_ += c;
    std::erase_if(possible,
                  [&](std::string_view start) { return start[at] != '?' && start[at] != c; });
  }
  return false;
}

bool PipedInput::get(char& c) {
  if (taken_ == start_.size()) return static_cast<bool>(stream_.get(c));
  c = start_[taken_++];
  return true;
}

std::optional<std::string> PipedInput::next_name() {
  constexpr std::size_t kLongestName = 4096;
  std::string name;
  char c = 0;
  while (get(c)) {
    if (c == '\n' || c == '\0') {
      if (!trim(name).empty()) break;
      name.clear();
    } else if (name.size() < kLongestName) {
      name += c;
    }
  }
  if (!name.empty() && name.back() == '\r') name.pop_back();
  if (trim(name).empty()) return std::nullopt;
  return name;
}

std::string PipedInput::picture(const std::string& name) {
  constexpr std::size_t kBlock = 1 << 16;
  std::string bytes = start_;
  std::vector<char> block(kBlock);
  while (stream_.read(block.data(), kBlock) || stream_.gcount() > 0) {
    bytes.append(block.data(), static_cast<std::size_t>(stream_.gcount()));
    if (bytes.size() > kMaxImageBytes) {
      throw Error(name + ": more than " + grouped(kMaxImageBytes) + " bytes of a picture");
    }
  }
  return bytes;
}

}  // namespace fer
