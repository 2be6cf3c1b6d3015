// A CSV like FER2013's. A '~' of the input stands for 2,300 of a row's 2,304 grey levels, so that small
// inputs have whole rows.
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "fer/data/fer2013_csv.h"
#include "fuzz/fuzz_target.h"

namespace fer::fuzz {

namespace {

constexpr std::size_t kMostRows = 32;  // more are more of the same

std::string with_levels(std::string_view bytes) {
  std::string levels;
  for (int i = 0; i < 2300; ++i) levels += std::to_string(i % 256) + " ";
  std::string text;
  std::size_t rows = 0;
  for (const char byte : bytes) {
    if (byte == '~' && rows++ < kMostRows) {
      text += levels;
    } else {
      text += byte;
    }
  }
  return text;
}

void check(const data::FaceSet& set) {
  require(set.size() > 0 && set.labels.size(0) == set.size(), "a set has images");
  require(set.labels.numel() == set.size() && set.splits.numel() == set.size(), "and their labels");
  const auto* labels = set.labels.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < set.size(); ++i) {
    require(labels[i] >= 0 && labels[i] < std::ssize(set.label_set.names()), "of known classes");
  }
  require(!set.fingerprint().empty(), "every level can be read");
}

void read(std::string_view text, const data::EmotionOptions& options) {
  read_file_of(text, [&](const std::filesystem::path& path) {
    std::vector<std::string> notes;
    check(data::read_fer2013_csv(path, options, 1, notes));
  });
}

}  // namespace

void fer2013(std::string_view bytes) {
  const std::string text = with_levels(bytes);
  data::EmotionOptions options;
  read(text, options);
  options.unknown = data::UnknownClasses::skip;
  read(text, options);
  options.own_classes = true;
  read(text, options);
}

}  // namespace fer::fuzz
