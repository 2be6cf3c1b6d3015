#include "fer/data/fer2013_csv_writer.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/data/csv_text.h"

namespace fer::data {

namespace {

constexpr std::size_t kWriteAtOnce = 1 << 20;

void append_number(std::string& text, unsigned number) {
  if (number >= 100) text += static_cast<char>('0' + number / 100);
  if (number >= 10) text += static_cast<char>('0' + number / 10 % 10);
  text += static_cast<char>('0' + number % 10);
}

// The value of each class in the column `emotion`.
std::vector<std::string> emotion_cells(const LabelSet& labels) {
  std::vector<std::string> cells;
  const bool numbered = labels == LabelSet::fer2013();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    cells.push_back(numbered ? std::to_string(i) : csv_cell(labels.name(i)));
  }
  return cells;
}

void append_pixels(std::string& text, std::span<const std::uint8_t> levels) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (i > 0) text += ' ';
    append_number(text, levels[i]);
  }
}

void check_grey(const FaceSet& set) {
  if (set.images.format().channels() == 1) return;
  throw Error(set.source + ": holds images of " + text_of(set.images.format()) +
              "; a CSV of FER2013's kind has grey levels alone; allowed: another format, or " +
              option("colour") + " grey where pictures are read");
}

}  // namespace

bool write_fer2013_csv(const std::filesystem::path& path, const FaceSet& set,
                       const std::function<bool(std::int64_t)>& row_done) {
  check_grey(set);
  const std::size_t pixels = set.images.format().bytes();
  const std::vector<std::string> emotions = emotion_cells(set.label_set);
  const bool has_usage = set.count(Split::none) != set.size();
  const auto* labels = set.labels.const_data_ptr<std::int64_t>();
  const auto* splits = set.splits.const_data_ptr<std::uint8_t>();
  AtomicFile file(path);
  std::string text = has_usage ? "emotion,pixels,Usage\n" : "emotion,pixels\n";
  at::Tensor block;
  for (std::int64_t row = 0, in_block = 0; row < set.size(); ++row, ++in_block) {
    if (!block.defined() || in_block == block.size(0)) {
      block = set.images.block(row, std::min(set.images.at_once(), set.size() - row));
      in_block = 0;
    }
    text += emotions[static_cast<std::size_t>(labels[row])] + ",";
    append_pixels(
        text, {block.const_data_ptr<std::uint8_t>() + static_cast<std::size_t>(in_block) * pixels,
               pixels});
    if (has_usage) text += "," + std::string(usage_name(static_cast<Split>(splits[row])));
    text += '\n';
    if (text.size() >= kWriteAtOnce) {
      file.write(text);
      text.clear();
    }
    if (!row_done(row + 1)) return false;
  }
  file.write(text);
  file.commit_new();
  return true;
}

}  // namespace fer::data
