#include "fer/data/fer2013_csv.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <string>
#include <vector>

#include "data/csv_fixtures.h"
#include "fer/core/error.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::data {
namespace {

using Catch::Matchers::Equals;
using test::csv_of;
using test::csv_row;
using test::face_levels;
using test::kHeader;
using test::pixel_text;
using test::save;
using test::TemporaryFolder;

FaceSet read(const std::string& content, int threads = 1) {
  const TemporaryFolder folder;
  return read_fer2013_csv(save(folder / "faces.csv", content), threads);
}

// The error for a bad file, without the folder in front.
std::string complaint(const std::string& content, int threads = 1) {
  const TemporaryFolder folder;
  const std::string path = save(folder / "faces.csv", content);
  try {
    read_fer2013_csv(path, threads);
  } catch (const Error& error) {
    const std::string message = error.what();
    REQUIRE(message.starts_with(path));
    return message.substr(folder.path().string().size() + 1);
  }
  return "no complaint";
}

// Checks that a set holds rows 0 … rows-1 of csv_of.
void check_rows(const FaceSet& set, std::int64_t rows) {
  REQUIRE(set.size() == rows);
  REQUIRE(set.images.all().sizes() == at::IntArrayRef({rows, 48, 48}));
  REQUIRE(set.images.all().scalar_type() == at::kByte);
  REQUIRE(set.labels.scalar_type() == at::kLong);
  REQUIRE(set.splits.scalar_type() == at::kByte);
  for (std::int64_t row = 0; row < rows; ++row) {
    CAPTURE(row);
    const std::vector<int> expected = face_levels(static_cast<std::uint64_t>(row));
    const auto* levels = set.images.all()[row].const_data_ptr<std::uint8_t>();
    CHECK(std::equal(expected.begin(), expected.end(), levels));
    CHECK(set.labels[row].item<std::int64_t>() == row % 7);
  }
}

void check_usual_splits(const FaceSet& set) {
  for (std::int64_t row = 0; row < set.size(); ++row) {
    CAPTURE(row);
    CHECK(set.splits[row].item<std::int64_t>() == row % 3);
  }
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// A file of one row whose pixels are `pixels`.
std::string with_pixels(const std::string& pixels) {
  return std::string(kHeader) + "3," + pixels + ",Training\n";
}

std::string with_level(std::size_t index, const std::string& level) {
  std::string text;
  for (std::size_t i = 0; i < kFacePixels; ++i) {
    text += (i > 0 ? " " : "") + (i == index ? level : "7");
  }
  return text;
}

TEST_CASE("Every row becomes an image, a label and a split", "[data][unit]") {
  const FaceSet set = read(csv_of(10));
  check_rows(set, 10);
  check_usual_splits(set);
  CHECK(set.label_set == LabelSet::fer2013());
  CHECK(set.source.ends_with("faces.csv"));
}

TEST_CASE("Any number of threads reads the same CSV", "[data][unit]") {
  for (const int threads : {0, 1, 2, 7, 100}) {
    CAPTURE(threads);
    const FaceSet set = read(csv_of(23), threads);
    check_rows(set, 23);
    check_usual_splits(set);
  }
}

TEST_CASE("Columns may stand in any order", "[data][unit]") {
  std::string text = "Usage,pixels,emotion\n";
  for (std::uint64_t i = 0; i < 4; ++i) {
    text += (i == 1 ? "PublicTest," : "Training,") + pixel_text(i) + "," + std::to_string(i) + "\n";
  }
  const FaceSet set = read(text);
  check_rows(set, 4);
  CHECK(set.count(Split::train) == 3);
  CHECK(set.splits[1].item<std::int64_t>() == 1);
}

TEST_CASE("The header of icml_face_data.csv has blanks and another order", "[data][unit]") {
  std::string text = "emotion, Usage, pixels\n";
  for (std::uint64_t i = 0; i < 3; ++i) {
    text += std::to_string(i) + ",PrivateTest," + pixel_text(i) + "\n";
  }
  const FaceSet set = read(text);
  check_rows(set, 3);
  CHECK(set.count(Split::test) == 3);
}

TEST_CASE("Names and splits may be in any case and have blanks around them", "[data][unit]") {
  const std::string text = " EMOTION ,\tPixels,USAGE \n 0 , " + pixel_text(0) + " , training\t\n";
  const FaceSet set = read(text);
  check_rows(set, 1);
  CHECK(set.count(Split::train) == 1);
}

TEST_CASE("Lines may end with CRLF", "[data][unit]") {
  const FaceSet set = read(replaced(csv_of(5), "\n", "\r\n"), 2);
  check_rows(set, 5);
  check_usual_splits(set);
}

TEST_CASE("A byte order mark is no part of the first name", "[data][unit]") {
  check_rows(read("\xEF\xBB\xBF" + csv_of(3)), 3);
}

TEST_CASE("Every field may stand in quotes", "[data][unit]") {
  std::string text = "\"emotion\",\"pixels\",\"Usage\"\n";
  for (std::uint64_t i = 0; i < 3; ++i) {
    text += "\"" + std::to_string(i) + "\", \"" + pixel_text(i) + "\" ,\"Training\"\r\n";
  }
  check_rows(read(text), 3);
}

TEST_CASE("A file without Usage is a set without splits", "[data][unit]") {
  const FaceSet set = read("emotion,pixels\n0," + pixel_text(0) + "\n1," + pixel_text(1) + "\n");
  check_rows(set, 2);
  CHECK(set.count(Split::none) == 2);
}

TEST_CASE("Other columns are passed over, whatever their quotes hold", "[data][unit]") {
  const std::string text = "name,emotion,note,pixels\nx.png,0,\"a, \"\"b\"\", c\"," +
                           pixel_text(0) + "\n,1,," + pixel_text(1) + "\n";
  check_rows(read(text), 2);
}

TEST_CASE("Levels may be divided by several blanks and have leading zeros", "[data][unit]") {
  const std::string spaced = "  " + replaced(pixel_text(0), " ", " \t ") + "  ";
  check_rows(read(std::string(kHeader) + "0," + spaced + ",Training\n"), 1);
  const FaceSet set = read(with_pixels(with_level(5, "007")));
  CHECK(set.images.all().eq(7).all().item<bool>());
}

TEST_CASE("Blank lines are no rows", "[data][unit]") {
  check_rows(read(std::string(kHeader) + "\n" + csv_row(0) + " \t\r\n" + csv_row(1) + "\n\n  \n"),
             2);
}

TEST_CASE("The last line needs no newline", "[data][unit]") {
  std::string text = csv_of(3);
  text.pop_back();
  const FaceSet set = read(text, 2);
  check_rows(set, 3);
  check_usual_splits(set);
}

TEST_CASE("A file that fills its last page is read to its end and no further", "[data][unit]") {
  // Behind a mapping whose size is a multiple of the page's lies memory that must not be touched.
  for (const bool newline_at_end : {true, false}) {
    std::string text = csv_of(4);
    if (!newline_at_end) text.pop_back();
    // Blanks within the first row's pixels make up the length.
    const std::size_t missing = (4096 - text.size() % 4096) % 4096;
    text.insert(text.find(' '), std::string(missing, ' '));
    REQUIRE(text.size() % 4096 == 0);
    check_rows(read(text), 4);
    check_rows(read(text, 3), 4);
  }
}

TEST_CASE("A file cut at the end of a page complains and reads no further", "[data][unit]") {
  const std::string text = csv_of(8);
  for (std::size_t size = 4096; size < text.size(); size += 4096) {
    CAPTURE(size);
    CHECK_THAT(complaint(text.substr(0, size)),
               Catch::Matchers::ContainsSubstring("is it cut off?"));
  }
}

TEST_CASE("A level over 255 names line, column, value and number", "[data][unit]") {
  CHECK(
      complaint(csv_of(2) + "3," + with_level(1234, "256") + ",Training\n") ==
      "faces.csv:4: column 'pixels': value '256' (number 1235) is not a grey level; allowed: 0 to "
      "255");
  CHECK(
      complaint(with_pixels(with_level(0, "99999999999999999999"))) ==
      "faces.csv:2: column 'pixels': value '99999999999999999999' (number 1) is not a grey level; "
      "allowed: 0 to 255");
}

TEST_CASE("What is no number at all is no grey level", "[data][unit]") {
  const std::vector<std::pair<std::string, std::string>> levels = {
      {"-1", "'-1'"}, {"12a", "'12a'"}, {"x", "'x'"},        {"1.5", "'1.5'"},
      {"+3", "'+3'"}, {"1e1", "'1e1'"}, {"\x01", "'\\x01'"}, {"7;7", "'7;7'"},
  };
  for (const auto& [level, quoted] : levels) {
    CHECK(complaint(with_pixels(with_level(2303, level))) ==
          "faces.csv:2: column 'pixels': value " + quoted +
              " (number 2304) is not a grey level; allowed: 0 to 255");
  }
}

TEST_CASE("2303 and 2305 levels are not a face", "[data][unit]") {
  std::vector<int> levels(2303, 12);
  CHECK(complaint(with_pixels(pixel_text(levels))) ==
        "faces.csv:2: column 'pixels': has 2303 values; allowed: exactly 2304 (48 x 48)");
  levels.resize(2305, 12);
  CHECK(complaint(with_pixels(pixel_text(levels))) ==
        "faces.csv:2: column 'pixels': has 2305 values; allowed: exactly 2304 (48 x 48)");
  CHECK(complaint(with_pixels("")) ==
        "faces.csv:2: column 'pixels': has 0 values; allowed: exactly 2304 (48 x 48)");
}

TEST_CASE("A long run of levels is counted and not stored", "[data][unit]") {
  const std::vector<int> levels(1'000'000, 255);
  CHECK(complaint(with_pixels(pixel_text(levels))) ==
        "faces.csv:2: column 'pixels': has 1000000 values; allowed: exactly 2304 (48 x 48)");
}

TEST_CASE("A label that is no class names line, value and classes", "[data][unit]") {
  const std::vector<std::string> labels = {"7", "-1", "", "glad", "1.0", "99999999999999999999"};
  for (const std::string& label : labels) {
    CHECK(complaint(csv_of(1) + label + "," + pixel_text(0) + ",Training\n") ==
          "faces.csv:3: column 'emotion': value '" + label +
              "' is not a class; allowed: 0 to 6 as in FER2013, angry, disgust, fear, happy, sad, "
              "surprise, neutral; \"unknown_classes\" skip leaves such rows out");
  }
}

TEST_CASE("An unknown usage names line, value and splits", "[data][unit]") {
  for (const std::string usage : {"Validation", "", "PublicTests"}) {
    CHECK(complaint(csv_of(1) + "0," + pixel_text(0) + "," + usage + "\n") ==
          "faces.csv:3: column 'Usage': value '" + usage +
              "' is not a split; allowed: Training, PublicTest, PrivateTest");
  }
}

TEST_CASE("An empty file says what is expected", "[data][unit]") {
  for (const std::string content : {"", "\n", " \r\n\n"}) {
    CHECK(complaint(content) ==
          "faces.csv: is empty; a CSV with the columns emotion, pixels and Usage is expected");
  }
}

TEST_CASE("A header alone is no data", "[data][unit]") {
  CHECK(complaint(kHeader) == "faces.csv: holds a header and no rows");
  CHECK(complaint("emotion,pixels,Usage") == "faces.csv: holds a header and no rows");
  CHECK(complaint(std::string(kHeader) + "\n  \n", 3) == "faces.csv: holds a header and no rows");
}

TEST_CASE("A header without a needed column lists what it has", "[data][unit]") {
  CHECK(complaint("label,pixels,Usage\n" + csv_row(0)) ==
        "faces.csv:1: the header has no column 'emotion'; it has 'label', 'pixels', 'usage'; "
        "needed: emotion, pixels and, if there are splits, Usage");
  CHECK(complaint("emotion;pixels;Usage\n" + csv_row(0)) ==
        "faces.csv:1: the header has no column 'emotion'; it has 'emotion;pixels;usage'; needed: "
        "emotion, pixels and, if there are splits, Usage");
  CHECK(complaint("emotion,pixel\n0,1\n") ==
        "faces.csv:1: the header has no column 'pixels'; it has 'emotion', 'pixel'; needed: "
        "emotion, pixels and, if there are splits, Usage");
}

TEST_CASE("A file that is no text complains briefly", "[data][unit]") {
  std::string noise(100'000, '\0');
  RandomStream stream(1);
  for (char& byte : noise) byte = static_cast<char>(stream.below(256));
  const std::string message = complaint("\x01\x02" + noise);
  CHECK_THAT(message, Catch::Matchers::StartsWith("faces.csv:1: "));
  CHECK(message.size() < 1000);
  CHECK(std::none_of(message.begin(), message.end(), [](char c) { return c >= 0 && c < 0x20; }));
}

TEST_CASE("Rows with fewer or more columns than the header are refused", "[data][unit]") {
  CHECK(complaint(csv_of(1) + "0," + pixel_text(0) + "\n") ==
        "faces.csv:3: the row has 2 of the header's 3 columns");
  CHECK(complaint(csv_of(1) + "0\n") == "faces.csv:3: the row has 1 of the header's 3 columns");
  CHECK(complaint(csv_of(1) + "0," + pixel_text(0) + ",Training,\n") ==
        "faces.csv:3: the row has more columns than the header's 3");
}

TEST_CASE("A quote that is never closed is refused", "[data][unit]") {
  CHECK(complaint(csv_of(1) + "0,\"" + pixel_text(0) + ",Training\n" + csv_row(1)) ==
        "faces.csv:3: a quote is opened and never closed in this line");
}

TEST_CASE("Text behind a closed quote is refused", "[data][unit]") {
  CHECK(complaint(csv_of(1) + "\"3\"4," + pixel_text(0) + ",Training\n") ==
        "faces.csv:3: text stands between a closed quote and the next comma");
}

TEST_CASE("A file cut within the pixels is reported as cut", "[data][unit]") {
  const std::string text = csv_of(2);
  const std::size_t second_row = text.find("\n1,") + 1;
  std::string cut = text.substr(0, second_row + 2);
  for (int i = 0; i < 100; ++i) cut += (i > 0 ? " " : "") + std::to_string(i);
  CHECK(complaint(cut) ==
        "faces.csv:3: column 'pixels': has 100 values; allowed: exactly 2304 (48 x 48) (the file "
        "ends in this row: is it cut off?)");
}

TEST_CASE("A file cut within the usage or the label is reported as cut", "[data][unit]") {
  const std::string hint = " (the file ends in this row: is it cut off?)";
  std::string text = csv_of(2);
  text.resize(text.size() - 5);  // "PublicTest\n" -> "Public"
  CHECK(complaint(text) ==
        "faces.csv:3: column 'Usage': value 'Public' is not a split; allowed: "
        "Training, PublicTest, PrivateTest" +
            hint);
  CHECK(complaint(csv_of(2) + "3") ==
        "faces.csv:4: the row has 1 of the header's 3 columns" + hint);
  CHECK(complaint(csv_of(2) + "3,") ==
        "faces.csv:4: column 'pixels': has 0 values; allowed: exactly 2304 (48 x 48)" + hint);
}

TEST_CASE("Cut anywhere in its last row, a file is refused or complete", "[data][unit]") {
  const std::string text = csv_of(2);
  const std::size_t last_row = text.find("\n1,") + 1;
  // Every place around the usage, and one in 31 (no multiple of a number's length) in the pixels.
  for (std::size_t size = last_row + 1; size + 1 < text.size();
       size += size + 50 < text.size() ? 31 : 1) {
    CAPTURE(size);
    CHECK(complaint(text.substr(0, size)) != "no complaint");
  }
}

TEST_CASE("The complaint is about the first mistake for any number of threads", "[data][unit]") {
  std::string text = csv_of(10);
  text += "8," + pixel_text(10) + ",Training\n";  // line 12
  text += csv_row(11);
  text += "9," + pixel_text(12) + ",Training\n";
  for (std::uint64_t i = 13; i < 30; ++i) text += csv_row(i);
  for (const int threads : {1, 2, 3, 7, 29}) {
    CAPTURE(threads);
    CHECK(complaint(text, threads) ==
          "faces.csv:12: column 'emotion': value '8' is not a class; allowed: 0 to 6 as in "
          "FER2013, angry, disgust, fear, happy, sad, surprise, neutral; \"unknown_classes\" skip "
          "leaves such rows out");
  }
}

TEST_CASE("Rows keep their numbers where others are left out", "[data][unit]") {
  const TemporaryFolder folder;
  std::string text = kHeader;
  for (std::uint64_t i = 0; i < 12; ++i) {
    text += i % 4 == 1 ? "bored," + pixel_text(i) + ",Training\n\n" : csv_row(i);
  }
  const std::string path = save(folder / "faces.csv", text).string();
  EmotionOptions options;
  options.unknown = UnknownClasses::skip;
  for (const int threads : {1, 2, 5, 30}) {
    CAPTURE(threads);
    std::vector<std::string> notes;
    const FaceSet set = read_fer2013_csv(path, options, threads, notes);
    REQUIRE(set.rows.defined());
    CHECK(set.rows.equal(at::tensor({0, 2, 3, 4, 6, 7, 8, 10, 11}, at::kLong)));
    CHECK(set.name_of(1) == "image 2");
    CHECK(set.labels[8].item<std::int64_t>() == 11 % 7);
  }
  CHECK_FALSE(read(csv_of(3)).rows.defined());
}

TEST_CASE("A path that is no file is an error that names it", "[data][unit]") {
  const TemporaryFolder folder;
  CHECK_THROWS_MATCHES(read_fer2013_csv(folder / "none.csv", 1), Error,
                       Catch::Matchers::MessageMatches(
                           Catch::Matchers::ContainsSubstring("none.csv: cannot be read")));
}

std::string square_row(int label, int side, int level) {
  return std::to_string(label) + "," +
         pixel_text(std::vector<int>(static_cast<std::size_t>(side * side), level)) + ",Training\n";
}

TEST_CASE("Rows of another square number of pixels are images of that side", "[data][unit]") {
  for (const int side : {16, 64, 96}) {
    CAPTURE(side);
    std::string rows = kHeader;
    for (int row = 0; row < 7; ++row) rows += square_row(row, side, 10 * row);
    const FaceSet set = read(rows, 2);
    REQUIRE(set.images.format() == FaceFormat{side, side, Colour::grey});
    const at::Tensor levels = set.images.all();
    for (int row = 0; row < 7; ++row) {
      CHECK(levels[row].min().item<int>() == 10 * row);
      CHECK(levels[row].max().item<int>() == 10 * row);
    }
  }
}

TEST_CASE("The first row says how many pixels the others have", "[data][unit]") {
  CHECK(complaint(kHeader + square_row(0, 64, 1) + square_row(1, 48, 2)) ==
        "faces.csv:3: column 'pixels': has 2304 values; allowed: exactly 4096 (64 x 64)");
  CHECK(complaint(kHeader + square_row(0, 48, 1) + square_row(1, 64, 2)) ==
        "faces.csv:3: column 'pixels': has 4096 values; allowed: exactly 2304 (48 x 48)");
  // 15 * 15 is too small for a face, and 226 * 226 too large.
  CHECK(complaint(kHeader + square_row(0, 15, 1)) ==
        "faces.csv:2: column 'pixels': has 225 values; allowed: exactly 2304 (48 x 48)");
  CHECK(complaint(kHeader + square_row(0, 226, 1)) ==
        "faces.csv:2: column 'pixels': has 51076 values; allowed: exactly 2304 (48 x 48)");
}

}  // namespace
}  // namespace fer::data
