#include "fer/image/gif_file.h"

#include <array>
#include <cstdint>
#include <istream>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace fer::image {

namespace {

constexpr int kEnd = -1;  // of the file
constexpr int kExtension = 0x21, kPicture = 0x2C;

// The two sources that a GIF is read from; behind their end they give kEnd.
class BytesReader {
 public:
  explicit BytesReader(std::string_view bytes) : left_(bytes) {}
  int get() {
    if (left_.empty()) return kEnd;
    const auto byte = static_cast<unsigned char>(left_.front());
    left_.remove_prefix(1);
    return byte;
  }
  // The next `count` bytes, fewer at the end.
  std::string_view take(std::size_t count) {
    const std::string_view taken = left_.substr(0, count);
    left_.remove_prefix(taken.size());
    return taken;
  }
  bool skip(std::size_t count) { return take(count).size() == count; }

 private:
  std::string_view left_;
};

class StreamReader {
 public:
  explicit StreamReader(std::istream& file) : file_(file) {}
  int get() { return file_.get(); }
  bool skip(std::size_t count) {
    file_.ignore(static_cast<std::streamsize>(count));
    return static_cast<std::size_t>(file_.gcount()) == count;
  }

 private:
  std::istream& file_;
};

// At most 65535; arbitrary behind the end.
template <class Reader>
int little16(Reader& reader) {
  const int low = reader.get() & 0xFF;
  return low | (reader.get() & 0xFF) << 8;
}

// The size in bytes of the colour table that these flags announce (GIF89a, 18 and 20).
std::size_t table_bytes(int flags) {
  return (flags & 0x80) != 0 ? std::size_t{3} << ((flags & 7) + 1) : 0;
}

struct Screen {
  int width = 0, height = 0, flags = 0, background = 0;
};

template <class Reader>
std::optional<Screen> read_screen(Reader& reader) {
  for (const char c : std::string_view("GIF8")) {
    if (reader.get() != c) return std::nullopt;
  }
  if (!reader.skip(2)) return std::nullopt;
  Screen screen;
  screen.width = little16(reader);
  screen.height = little16(reader);
  screen.flags = reader.get();
  screen.background = reader.get();
  reader.skip(1);
  return screen;
}

// False if the file ends within the blocks.
template <class Reader>
bool skip_blocks(Reader& reader) {
  int length = reader.get();
  while (length > 0 && reader.skip(static_cast<std::size_t>(length))) length = reader.get();
  return length == 0;
}

// Reads up to and with the next picture's mark; false if there is none.
template <class Reader>
bool find_picture(Reader& reader) {
  while (true) {
    const int mark = reader.get();
    if (mark == kPicture) return true;
    if (mark != kExtension) return false;  // the end, or an unknown mark
    reader.get();
    if (!skip_blocks(reader)) return false;
  }
}

template <class Reader>
bool skip_picture(Reader& reader) {
  constexpr std::size_t kPlace = 8;
  if (!reader.skip(kPlace)) return false;
  const std::size_t table = table_bytes(reader.get());
  return reader.skip(table + 1) && skip_blocks(reader);
}

// The number of pictures; 2 stands for more than one.
template <class Reader>
int count_pictures(Reader& reader, const Screen& screen) {
  reader.skip(table_bytes(screen.flags));
  if (!find_picture(reader)) return 0;
  return skip_picture(reader) && find_picture(reader) ? 2 : 1;
}

// Codes of GIF's variable-length LZW (appendix F) to indices of colours.
class Unpacker {
 public:
  Unpacker(BytesReader& reader, int code_bits) : reader_(reader), code_bits_(code_bits) { clear(); }

  // Whether the data filled all of `pixels`.
  bool unpack(std::vector<std::uint8_t>& pixels) {
    std::size_t done = 0;
    int before = kEnd;
    while (done < pixels.size()) {
      const int code = next_code();
      if (code == clear_code()) {
        clear();
        before = kEnd;
        continue;
      }
      if (code < 0 || code == clear_code() + 1 || code > known_ || (code == known_ && before < 0)) {
        return false;
      }
      if (before >= 0) learn(before, first_of(code == known_ ? before : code));
      done = write(code, pixels, done);
      before = code;
    }
    return true;
  }

 private:
  static constexpr int kMostCodes = 4096;

  int clear_code() const { return 1 << code_bits_; }

  void clear() {
    known_ = clear_code() + 2;
    bits_ = code_bits_ + 1;
  }

  int next_code() {
    while (held_ < bits_) {
      if (in_block_ == 0) in_block_ = reader_.get();
      if (in_block_ <= 0) return kEnd;
      const int byte = reader_.get();
      if (byte == kEnd) return kEnd;
      --in_block_;
      bits_held_ |= static_cast<std::uint32_t>(byte) << held_;
      held_ += 8;
    }
    const auto code = static_cast<int>(bits_held_ & ((1U << bits_) - 1));
    bits_held_ >>= bits_;
    held_ -= bits_;
    return code;
  }

  int first_of(int code) const {
    while (code >= clear_code() + 2) code = before_[static_cast<std::size_t>(code)];
    return code;
  }

  // A full table learns no more codes until the next clear code.
  void learn(int before, int last) {
    if (known_ == kMostCodes) return;
    before_[static_cast<std::size_t>(known_)] = static_cast<std::uint16_t>(before);
    last_[static_cast<std::size_t>(known_)] = static_cast<std::uint8_t>(last);
    ++known_;
    if (known_ == 1 << bits_ && bits_ < 12) ++bits_;
  }

  std::size_t write(int code, std::vector<std::uint8_t>& pixels, std::size_t at) const {
    std::size_t length = 1;
    for (int c = code; c >= clear_code() + 2; c = before_[static_cast<std::size_t>(c)]) ++length;
    for (std::size_t i = length; i-- > 0;) {
      const bool single = code < clear_code() + 2;
      const auto place = static_cast<std::size_t>(code);
      if (at + i < pixels.size()) {
        pixels[at + i] = single ? static_cast<std::uint8_t>(code) : last_[place];
      }
      if (!single) code = before_[place];
    }
    return at + length;
  }

  BytesReader& reader_;
  int code_bits_;
  int known_ = 0, bits_ = 0;
  int in_block_ = 0;  // bytes left of the block
  std::uint32_t bits_held_ = 0;
  int held_ = 0;
  std::array<std::uint16_t, kMostCodes> before_{};  // for each code: the code that it continues,
  std::array<std::uint8_t, kMostCodes> last_{};     // and the colour that it adds
};

cv::Vec3b colour_at(std::string_view table, int index) {
  const auto at = static_cast<std::size_t>(index) * 3;
  if (at + 3 > table.size()) return {};
  const auto level = [&](std::size_t i) { return static_cast<std::uint8_t>(table[at + i]); };
  return {level(2), level(1), level(0)};
}

// The picture's rows in the order of the file; interlaced: first every eighth row, then the fourth
// between, and so on.
std::vector<int> row_order(int height, bool interlaced) {
  std::vector<int> rows;
  if (!interlaced) {
    for (int y = 0; y < height; ++y) rows.push_back(y);
    return rows;
  }
  constexpr int kStarts[] = {0, 4, 2, 1}, kSteps[] = {8, 8, 4, 2};
  for (int pass = 0; pass < 4; ++pass) {
    for (int y = kStarts[pass]; y < height; y += kSteps[pass]) rows.push_back(y);
  }
  return rows;
}

// `reader` stands behind the picture's mark.
bool draw_picture(BytesReader& reader, std::string_view table, cv::Mat& canvas) {
  cv::Rect place;
  place.x = little16(reader);
  place.y = little16(reader);
  place.width = little16(reader);
  place.height = little16(reader);
  const int flags = reader.get();
  if (flags < 0 || place.empty()) return false;
  if ((place & cv::Rect({0, 0}, canvas.size())) != place) return false;
  if (const std::size_t own = table_bytes(flags); own > 0) table = reader.take(own);
  const int code_bits = reader.get();
  if (code_bits < 2 || code_bits > 8) return false;
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(place.area()));
  if (!Unpacker(reader, code_bits).unpack(pixels)) return false;
  std::size_t at = 0;
  for (const int y : row_order(place.height, (flags & 0x40) != 0)) {
    auto* row = canvas.ptr<cv::Vec3b>(place.y + y) + place.x;
    for (int x = 0; x < place.width; ++x) row[x] = colour_at(table, pixels[at++]);
  }
  return true;
}

}  // namespace

bool is_still_gif(std::istream& file) {
  StreamReader reader(file);
  const auto screen = read_screen(reader);
  return screen && count_pictures(reader, *screen) == 1;
}

std::optional<PictureHeader> read_gif_header(std::string_view bytes) {
  BytesReader reader(bytes);
  const auto screen = read_screen(reader);
  if (!screen) return std::nullopt;
  PictureHeader header{.format = "GIF", .width = screen->width, .height = screen->height};
  const int pictures = count_pictures(reader, *screen);
  if (pictures == 0) header.problem = "there is no picture in it";
  header.moves = pictures > 1;
  return header;
}

cv::Mat read_stored_gif(std::string_view bytes) {
  BytesReader reader(bytes);
  const auto screen = read_screen(reader);
  if (!screen) return {};
  const std::string_view table = reader.take(table_bytes(screen->flags));
  cv::Mat canvas(screen->height, screen->width, CV_8UC3);
  canvas.setTo(colour_at(table, screen->background));
  return find_picture(reader) && draw_picture(reader, table, canvas) ? canvas : cv::Mat();
}

}  // namespace fer::image
