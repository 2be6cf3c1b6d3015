#include "fer/data/fer2013_csv.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/file_kind.h"
#include "fer/core/files.h"
#include "fer/core/mapped_ranges.h"
#include "fer/core/number.h"
#include "fer/core/option_error.h"
#include "fer/core/parallel.h"
#include "fer/core/text.h"
#include "fer/data/csv_text.h"

namespace fer::data {

namespace {

// The index of each used column; -1 if the file does not have it.
struct Columns {
  int emotion = -1;
  int pixels = -1;
  int usage = -1;
  int count = 0;
};

// The rows of one thread.
struct Part {
  std::string_view text;
  EmotionReader emotions;
  std::unique_ptr<std::uint8_t[]> images = nullptr;
  std::vector<std::int64_t> labels;
  std::vector<std::uint8_t> splits;
  std::vector<std::int64_t> left_out;  // rows, from 0, ascending

  std::int64_t rows() const { return static_cast<std::int64_t>(labels.size()); }
};

// The length of a row's pixels in bytes. The shortest pixels have a digit and a separator, the
// longest regular ones three digits.
struct RowSize {
  std::size_t pixels;
  std::size_t fewest_bytes() const { return 2 * pixels; }
  std::size_t most_bytes() const { return 4 * pixels; }
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The side of a square image of this number of pixels, if data sets may have it.
std::optional<int> side_of(std::size_t pixels) {
  for (int side = kLeastFaceSide; side <= kMostFaceSide; ++side) {
    if (static_cast<std::size_t>(side) * static_cast<std::size_t>(side) == pixels) return side;
  }
  return std::nullopt;
}

std::size_t count_words(std::string_view field) {
  std::size_t words = 0;
  bool before = true;  // whether a blank came before
  for (const char c : field) {
    if (before && !is_blank(c)) ++words;
    before = is_blank(c);
  }
  return words;
}

// The hot loop, for well-formed pixels with single blanks and at least most_bytes() of text behind
// `text`. Returns the end of the last number, or null for anything unusual, which the careful path
// then accepts or reports.
const char* parse_pixels_fast(const char* text, std::size_t pixels, std::uint8_t* out) {
  for (std::size_t i = 0; i < pixels; ++i) {
    unsigned value = static_cast<unsigned char>(*text++) - '0';
    if (value > 9) return nullptr;
    for (int digit = 0; digit < 2 && is_digit(*text); ++digit) {
      value = value * 10 + static_cast<unsigned>(*text++ - '0');
    }
    if (value > 255) return nullptr;
    out[i] = static_cast<std::uint8_t>(value);
    if (i + 1 < pixels && *text++ != ' ') return nullptr;
  }
  return is_digit(*text) || is_blank(*text) ? nullptr : text;
}

// Accepts any number of blanks between values, and reports every mistake.
void parse_pixels_carefully(std::string_view field, std::size_t pixels, std::uint8_t* out) {
  std::size_t count = 0;
  for (const char *at = field.data(), *end = at + field.size();;) {
    while (at < end && is_blank(*at)) ++at;
    if (at == end) break;
    const char* word_end = std::find_if(at, end, is_blank);
    const std::string_view word(at, static_cast<std::size_t>(word_end - at));
    const auto value = to_number<std::uint8_t>(word);
    if (!value) {
      throw CsvMistake{at, "column 'pixels': value " + quote(word) + " (number " +
                               std::to_string(count + 1) +
                               ") is not a grey level; allowed: 0 to 255"};
    }
    if (count < pixels) out[count] = *value;
    ++count;
    at = word_end;
  }
  if (count != pixels) {
    const std::string side = std::to_string(side_of(pixels).value_or(kFaceSide));
    throw CsvMistake{field.data(), "column 'pixels': has " + std::to_string(count) +
                                       " values; allowed: exactly " + std::to_string(pixels) +
                                       " (" + side + " x " + side + ")"};
  }
}

Columns parse_header(std::string_view line) {
  Columns columns;
  std::vector<std::string> names;
  for (std::string_view rest = line; rest.data() != nullptr;) {
    const std::string name = to_lower(take_csv_field(rest));
    if (name == "emotion" && columns.emotion < 0) columns.emotion = columns.count;
    if (name == "pixels" && columns.pixels < 0) columns.pixels = columns.count;
    if (name == "usage" && columns.usage < 0) columns.usage = columns.count;
    ++columns.count;
    if (names.size() < 8) names.push_back(quote(name, 20));
  }
  if (columns.emotion < 0 || columns.pixels < 0) {
    throw CsvMistake{line.data(), std::string("the header has no column '") +
                                      (columns.emotion < 0 ? "emotion" : "pixels") + "'; it has " +
                                      join(names, ", ") +
                                      "; needed: emotion, pixels and, if there are splits, Usage"};
  }
  return columns;
}

// The side of the images: by the first row, if its number of pixels is a square; otherwise
// FER2013's, so that the row is a mistake.
int side_of_rows(std::string_view rows, const Columns& columns) {
  std::string_view line;
  while (!rows.empty() && trim(line).empty()) line = take_csv_line(rows);
  std::optional<int> side;
  if (trim(line).empty()) return kFaceSide;
  try {
    for_each_csv_field(line, columns.count, [&](int column, std::string_view field) {
      if (column == columns.pixels) side = side_of(count_words(field));
    });
  } catch (const CsvMistake&) {  // reported when the row is read
  }
  return side.value_or(kFaceSide);
}

class PartParser {
 public:
  PartParser(Part& part, const Columns& columns, RowSize size)
      : part_(part), columns_(columns), size_(size) {}

  void parse() {
    // Only virtual memory: pages that no row reaches are never touched.
    const std::size_t most_rows = part_.text.size() / size_.fewest_bytes() + 1;
    part_.images = std::make_unique_for_overwrite<std::uint8_t[]>(most_rows * size_.pixels);
    for (std::string_view rest = part_.text; !rest.empty();) {
      if (!parse_regular_row(rest)) parse_any_row(take_csv_line(rest));
    }
  }

 private:
  std::uint8_t* next_image() const {
    return part_.images.get() + part_.labels.size() * size_.pixels;
  }

  // Fast path for the usual form `label,pixels…,usage`, without a search for the line's end and
  // without field views.
  bool parse_regular_row(std::string_view& rest) {
    if (!part_.emotions.plain_numbers() || columns_.emotion != 0 || columns_.pixels != 1 ||
        columns_.count != 3 || columns_.usage != 2 || rest.size() < size_.most_bytes() + 64 ||
        rest[1] != ',' || !is_digit(rest[0]) ||
        static_cast<std::size_t>(rest[0] - '0') >= LabelSet::fer2013().size()) {
      return false;
    }
    const char* end = parse_pixels_fast(rest.data() + 2, size_.pixels, next_image());
    if (end == nullptr || *end != ',') return false;
    std::string_view tail = rest.substr(static_cast<std::size_t>(end + 1 - rest.data()));
    const std::string_view usage = take_csv_line(tail);
    if (usage.size() > 20 || usage.find_first_of(",\"") != std::string_view::npos) return false;
    part_.splits.push_back(static_cast<std::uint8_t>(parse_usage(trim(usage))));
    part_.labels.push_back(rest[0] - '0');
    rest = tail;
    return true;
  }

  void parse_any_row(std::string_view line) {
    if (trim(line).empty()) return;
    std::optional<std::int64_t> label;
    Split split = Split::none;
    for_each_csv_field(line, columns_.count, [&](int column, std::string_view field) {
      if (column == columns_.emotion) label = part_.emotions.label_of(field);
      if (column == columns_.usage) split = parse_usage(field);
      if (column == columns_.pixels) parse_pixels_carefully(field, size_.pixels, next_image());
    });
    if (!label) {
      part_.left_out.push_back(part_.rows() + static_cast<std::int64_t>(part_.left_out.size()));
      return;
    }
    part_.labels.push_back(*label);
    part_.splits.push_back(static_cast<std::uint8_t>(split));
  }

  Part& part_;
  const Columns& columns_;
  RowSize size_;
};

// Divides the rows at line ends into nearly equal parts.
std::vector<Part> cut(std::string_view rows, int count, const EmotionOptions& options) {
  std::vector<Part> parts;
  const std::size_t share = rows.size() / static_cast<std::size_t>(std::max(count, 1)) + 1;
  while (!rows.empty()) {
    std::size_t length = std::min(share, rows.size());
    const std::size_t newline = rows.find('\n', length - 1);
    length = newline == std::string_view::npos ? rows.size() : newline + 1;
    parts.push_back({rows.substr(0, length), EmotionReader(options), {}, {}, {}, {}});
    rows.remove_prefix(length);
  }
  return parts;
}

void parse_parts(std::vector<Part>& parts, const Columns& columns, RowSize size) {
  // One part per thread, in file order, so that the first mistake of the file is reported.
  const auto count = static_cast<std::int64_t>(parts.size());
  parallel_for(count, static_cast<int>(count), [&](std::int64_t i) {
    PartParser(parts[static_cast<std::size_t>(i)], columns, size).parse();
  });
}

// The rows in the file of the kept images; undefined if all are kept.
at::Tensor kept_rows(const std::vector<Part>& parts) {
  const auto whole = [](const Part& part) { return part.left_out.empty(); };
  if (std::all_of(parts.begin(), parts.end(), whole)) return {};
  std::vector<std::int64_t> kept;
  std::int64_t row = 0;
  for (const Part& part : parts) {
    auto skipped = part.left_out.begin();
    const auto count = part.rows() + static_cast<std::int64_t>(part.left_out.size());
    for (std::int64_t i = 0; i < count; ++i, ++row) {
      if (skipped != part.left_out.end() && *skipped == i) {
        ++skipped;
      } else {
        kept.push_back(row);
      }
    }
  }
  return at::tensor(kept, at::kLong);
}

FaceSet gather(const std::vector<Part>& parts, int side, const std::string& source) {
  std::int64_t total = 0;
  for (const Part& part : parts) total += part.rows();
  FaceSet set;
  set.source = source;
  const at::Tensor levels = at::empty({total, side, side}, at::kByte);
  const std::size_t pixels = FaceFormat{side, side}.bytes();
  set.images = levels;
  set.labels = at::empty({total}, at::kLong);
  set.splits = at::empty({total}, at::kByte);
  set.rows = kept_rows(parts);
  set.rows_there = total;
  for (const Part& part : parts) {
    set.rows_there += static_cast<std::int64_t>(part.left_out.size());
  }
  std::size_t row = 0;
  for (const Part& part : parts) {
    const auto rows = static_cast<std::size_t>(part.rows());
    if (rows == 0) continue;
    std::memcpy(levels.data_ptr<std::uint8_t>() + row * pixels, part.images.get(), rows * pixels);
    std::copy(part.labels.begin(), part.labels.end(), set.labels.data_ptr<std::int64_t>() + row);
    std::copy(part.splits.begin(), part.splits.end(), set.splits.data_ptr<std::uint8_t>() + row);
    row += rows;
  }
  return set;
}

// Merges the parts' own class names, sorted, and renumbers the labels.
LabelSet own_classes(std::vector<Part>& parts, const std::string& source) {
  std::set<std::string> all;
  for (const Part& part : parts) {
    for (const std::string& name : part.emotions.own_names()) all.insert(name);
  }
  for (Part& part : parts) {
    std::vector<std::int64_t> index_of;
    for (const std::string& name : part.emotions.own_names()) {
      index_of.push_back(std::distance(all.begin(), all.find(name)));
    }
    for (std::int64_t& label : part.labels) label = index_of[static_cast<std::size_t>(label)];
  }
  try {
    return LabelSet(std::vector<std::string>(all.begin(), all.end()));
  } catch (const Error& error) {
    throw Error(source + ": cannot use its emotions as classes (" + option("classes") +
                " from-data): " + error.what());
  }
}

void record_left_out(const std::vector<Part>& parts, const std::string& source,
                     std::vector<std::string>& notes) {
  constexpr std::size_t kShown = 12;
  std::int64_t count = 0;
  std::set<std::string> names;
  for (const Part& part : parts) {
    count += part.emotions.left_out();
    for (const std::string& name : part.emotions.left_out_names()) names.insert(quote(name));
  }
  if (count == 0) return;
  std::vector<std::string> shown(names.begin(), names.end());
  if (shown.size() > kShown) {
    shown.resize(kShown);
    shown.emplace_back("and others");
  }
  notes.push_back(source + ": skipped " + counted(count, "row") +
                  " whose emotion is not a class: " + join(shown, ", "));
}

// Whatever else is named as a data set is taken for a CSV.
void check_is_text(const std::filesystem::path& path, std::string_view text) {
  const std::string_view kind = kind_of_content(text.substr(0, kKindBytes));
  if (kind.empty() || kind == kTextFile) return;
  throw Error(path.string() + ": is " + std::string(kind) +
              ", not a set of images; as a file, a CSV with the columns emotion, pixels and Usage "
              "or a packed set is expected");
}

}  // namespace

FaceSet read_fer2013_csv(const std::filesystem::path& path, int threads) {
  std::vector<std::string> notes;
  return read_fer2013_csv(path, EmotionOptions{}, threads, notes);
}

FaceSet read_fer2013_csv(const std::filesystem::path& path, const EmotionOptions& options,
                         int threads, std::vector<std::string>& notes) {
  const MappedFile file(path);
  const std::string_view text = file.bytes();
  if (trim(text).empty()) {
    throw Error(path.string() +
                ": is empty; a CSV with the columns emotion, pixels and Usage is "
                "expected");
  }
  check_is_text(path, text);
  try {
    std::string_view rows = without_byte_order_mark(text);
    const Columns columns = parse_header(take_csv_line(rows));
    std::vector<Part> parts = cut(rows, threads, options);
    const int side = side_of_rows(rows, columns);
    parse_parts(parts, columns, {FaceFormat{side, side}.bytes()});
    record_left_out(parts, path.string(), notes);
    if (options.met != nullptr) {
      for (const Part& part : parts) {
        options.met->insert(part.emotions.met().begin(), part.emotions.met().end());
      }
    }
    const LabelSet labels =
        options.own_classes && !parts.empty() ? own_classes(parts, path.string()) : options.known;
    FaceSet set = gather(parts, side, path.string());
    set.label_set = labels;
    if (set.size() == 0) {
      throw Error(path.string() + ": holds a header and no rows" +
                  (notes.empty() ? "" : " of known classes"));
    }
    check_mapped_files();
    return set;
  } catch (const CsvMistake& mistake) {
    throw csv_error(path, text, mistake);
  }
}

}  // namespace fer::data
