#include "fer/image/gif_file.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/image/file_type.h"
#include "fer/image/folder_files.h"
#include "fer/image/image.h"
#include "image/exif_fixtures.h"
#include "support/catch.h"

namespace fer::image {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::number;
using test::save;
using test::TemporaryFolder;

// Codes of 9 bits and more, in blocks: each colour by itself, or with what `packed` learns.
std::string lzw(const std::vector<int>& indices, bool packed) {
  constexpr int kClear = 256, kEnd = 257;
  std::vector<std::pair<int, int>> codes;  // and their bits
  int known = kEnd + 1, bits = 9, before = -1;
  std::map<std::pair<int, int>, int> learnt;
  codes.emplace_back(kClear, bits);
  for (const int index : indices) {
    const auto longer = learnt.find({before, index});
    if (packed && before >= 0 && longer != learnt.end()) {
      before = longer->second;
      continue;
    }
    if (before >= 0) {
      codes.emplace_back(before, bits);
      learnt[{before, index}] = known++;
      if (known - 1 == 1 << bits && bits < 12) ++bits;
      if (known == 4095 || !packed) {
        codes.emplace_back(kClear, bits);
        learnt.clear();
        known = kEnd + 1;
        bits = 9;
      }
    }
    before = index;
  }
  codes.emplace_back(before, bits);
  if (known++ == 1 << bits && bits < 12) ++bits;
  codes.emplace_back(kEnd, bits);
  std::string bytes;
  unsigned held = 0;
  int count = 0;
  for (const auto& [code, length] : codes) {
    held |= static_cast<unsigned>(code) << count;
    for (count += length; count >= 8; count -= 8, held >>= 8) {
      bytes += static_cast<char>(held & 0xFF);
    }
  }
  bytes += static_cast<char>(held & 0xFF);
  std::string blocks;
  for (std::size_t at = 0; at < bytes.size(); at += 255) {
    const std::string block = bytes.substr(at, 255);
    blocks += static_cast<char>(block.size());
    blocks += block;
  }
  return blocks + '\0';
}

struct GifRecipe {
  int pictures = 1;
  bool interlaced = false, own_colours = false, packed = true, comment = false;
};

// Pixel (x, y) has the colour index x + y. Its grey level is 255 - index, or 2 more in a picture
// with its own table of colours.
constexpr int kWidth = 101, kHeight = 75;

std::string table(int added) {
  std::string colours;
  for (int i = 0; i < 256; ++i)
    colours += std::string(3, static_cast<char>((255 - i + added) % 256));
  return colours;
}

std::string gif(const GifRecipe& recipe) {
  std::string bytes = "GIF89a" + number(kWidth, 2, true) + number(kHeight, 2, true) + "\xf7" +
                      std::string(2, '\0') + table(0);
  if (recipe.comment)
    bytes += std::string("\x21\xfe\x05words\0", 9) + std::string("\x21\xf9\x04\0\0\0\0\0", 8);
  std::vector<int> rows;
  for (const auto& [start, step] :
       std::vector<std::pair<int, int>>{{0, 8}, {4, 8}, {2, 4}, {1, 2}}) {
    for (int y = start; y < kHeight; y += step) rows.push_back(y);
  }
  if (!recipe.interlaced) std::sort(rows.begin(), rows.end());
  std::vector<int> indices;
  for (const int y : rows) {
    for (int x = 0; x < kWidth; ++x) indices.push_back(x + y);
  }
  for (int i = 0; i < recipe.pictures; ++i) {
    const int flags = (recipe.interlaced ? 0x40 : 0) | (recipe.own_colours ? 0x87 : 0);
    bytes += "\x2c" + std::string(4, '\0') + number(kWidth, 2, true) + number(kHeight, 2, true) +
             static_cast<char>(flags);
    if (recipe.own_colours) bytes += table(2);
    bytes += '\x08' + lzw(indices, recipe.packed);
  }
  return bytes + ';';
}

TEST_CASE("a GIF of one picture is read, however it is stored", "[image][unit]") {
  for (const bool interlaced : {false, true}) {
    for (const bool own : {false, true}) {
      for (const bool packed : {false, true}) {
        CAPTURE(interlaced, own, packed);
        const cv::Mat picture = decode_image(
            gif({.interlaced = interlaced, .own_colours = own, .packed = packed, .comment = own}),
            "a.gif");
        REQUIRE(picture.size() == cv::Size(kWidth, kHeight));
        for (const auto& [x, y] : {std::pair{0, 0}, {100, 0}, {0, 74}, {37, 21}, {100, 74}}) {
          const int level = (255 - x - y + (own ? 2 : 0)) % 256;
          CHECK(picture.at<cv::Vec3b>(y, x) == cv::Vec3b::all(static_cast<std::uint8_t>(level)));
        }
      }
    }
  }
}

TEST_CASE("a GIF without its last mark is read, one that lost pixels is an error",
          "[image][unit]") {
  const std::string whole = gif({});
  CHECK_FALSE(decode_image(whole.substr(0, whole.size() - 2), "a.gif").empty());
  for (std::size_t size = 6; size + 40 < whole.size(); size += 97) {
    CAPTURE(size);
    CHECK_THROWS_MATCHES(decode_image(whole.substr(0, size), "a.gif"), Error,
                         MessageMatches(ContainsSubstring("a.gif: ")));
  }
}

TEST_CASE("no byte of a GIF makes its reader leave its memory", "[image][unit]") {
  const std::string whole = gif({.comment = true});
  cv::RNG random(1);
  for (int i = 0; i < 3000; ++i) {
    std::string broken = whole;
    for (int k = 0; k < 3; ++k) {
      const std::size_t most = i % 2 == 0 ? broken.size() : std::size_t{40};
      broken[random.next() % most] = static_cast<char>(random.next());
      if (i % 2 == 1) broken[781 + random.next() % 60] = static_cast<char>(random.next());
    }
    try {
      decode_image(broken, "a.gif");
    } catch (const Error&) {  // which names it
    }
  }
}

TEST_CASE("a GIF that moves is a video, one that does not a picture, in folders and by name",
          "[image][unit]") {
  const TemporaryFolder folder;
  const std::string still = save((folder / "still.gif").string(), gif({}));
  const std::string moving = save((folder / "moving.gif").string(), gif({.pictures = 2}));
  save((folder / "nameless").string(), gif({.comment = true}));
  save((folder / "broken.gif").string(), "GIF89a");
  CHECK(type_of_file(still).kind == FileKind::picture);
  CHECK(type_of_file(moving).kind == FileKind::video);
  LeftOut left_out;
  std::vector<std::string> names;
  for (const auto& path : list_folder(folder.path(), {}, left_out)) {
    names.push_back(path.filename().string());
  }
  CHECK(names == std::vector<std::string>{"nameless", "still.gif"});
  CHECK(left_out.text(folder.path()) == "2 videos (such as 'broken.gif')");
  CHECK(read_image(still).size() == cv::Size(kWidth, kHeight));
  CHECK_THROWS_MATCHES(
      read_image(moving), Error,
      MessageMatches(ContainsSubstring(
          "is a GIF that moves, which is read as a video only if its name ends in .gif")));
}

}  // namespace
}  // namespace fer::image
