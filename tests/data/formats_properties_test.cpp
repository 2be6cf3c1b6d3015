// What data sets are written as, read back.
#include <ATen/Functions.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/core/files.h"
#include "fer/core/random.h"
#include "fer/core/text.h"
#include "fer/data/class_names.h"
#include "fer/data/fer2013_csv.h"
#include "fer/data/fer2013_csv_writer.h"
#include "fer/data/ferplus_csv.h"
#include "fer/data/packed_file.h"
#include "fer/data/votes.h"
#include "support/properties.h"
#include "support/temporary_folder.h"

namespace fer::data {
namespace {

using test::for_all;

// Levels are drawn as one seed: 2,304 numbers an image would take RapidCheck longer than the test.
at::Tensor levels(std::int64_t count) {
  RandomStream stream(*rc::gen::arbitrary<std::uint64_t>());
  at::Tensor images = at::empty({count, kFaceSide, kFaceSide}, at::kByte);
  auto* level = images.data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < images.numel(); ++i) {
    level[i] = static_cast<std::uint8_t>(stream.below(256));
  }
  return images;
}

at::Tensor whole_numbers(std::int64_t count, std::int64_t below, at::ScalarType type) {
  const auto values = *rc::gen::container<std::vector<std::int64_t>>(
      static_cast<std::size_t>(count), rc::gen::inRange<std::int64_t>(0, below));
  return at::tensor(values, at::kLong).to(type);
}

// Different names, with what CSV and JSON quote in them.
LabelSet any_labels() {
  std::vector<std::string> names;
  const auto count = *rc::gen::inRange(2, 9);
  for (int i = 0; i < count; ++i) {
    names.push_back(
        *rc::gen::container<std::string>(rc::gen::elementOf(std::string("xyz,\"' ;é"))));
    names.back() = printable(trim(names.back()), 20) + std::to_string(i);
  }
  return LabelSet(names);
}

FaceSet any_set() {
  FaceSet set;
  const auto count = *rc::gen::inRange<std::int64_t>(1, 12);
  const bool splits = *rc::gen::arbitrary<bool>();
  set.label_set = *rc::gen::arbitrary<bool>() ? LabelSet::fer2013() : any_labels();
  set.images = levels(count);
  set.labels = whole_numbers(count, std::ssize(set.label_set.names()), at::kLong);
  set.splits = splits ? whole_numbers(count, 3, at::kByte)
                      : at::full({count}, static_cast<int>(Split::none), at::kByte);
  set.source = "made";
  return set;
}

bool same(const FaceSet& a, const FaceSet& b) {
  return a.images.all().equal(b.images.all()) && a.labels.equal(b.labels) &&
         a.splits.equal(b.splits) && a.votes.defined() == b.votes.defined() &&
         (!a.votes.defined() || a.votes.equal(b.votes)) && a.label_set == b.label_set &&
         a.fingerprint() == b.fingerprint();
}

TEST_CASE("A packed set is read as it was written", "[data][unit]") {
  const test::TemporaryFolder folder;
  for_all([&] {
    FaceSet set = any_set();
    if (*rc::gen::arbitrary<bool>()) {
      set.votes =
          whole_numbers(set.size() * 10, kMostVotes + 1, at::kByte).reshape({set.size(), 10});
    }
    write_packed_file(folder / "s.safetensors", set);
    RC_ASSERT(same(read_packed_file(folder / "s.safetensors"), set));
  });
}

TEST_CASE("A CSV of FER2013's classes is read as it was written, by any number of threads",
          "[data][unit]") {
  const test::TemporaryFolder folder;
  const auto path = folder / "s.csv";
  for_all([&] {
    FaceSet set = any_set();
    set.label_set = LabelSet::fer2013();
    set.labels = set.labels.remainder(7);
    RC_ASSERT(write_fer2013_csv(path, set, [](std::int64_t) { return true; }));
    const FaceSet read = read_fer2013_csv(path, *rc::gen::inRange(1, 5));
    std::filesystem::remove(path);
    RC_ASSERT(same(read, set));
  });
}

TEST_CASE("A CSV of other classes is read as it was written", "[data][unit]") {
  const test::TemporaryFolder folder;
  const auto path = folder / "s.csv";
  for_all([&] {
    const FaceSet set = any_set();
    RC_ASSERT(write_fer2013_csv(path, set, [](std::int64_t) { return true; }));
    std::vector<std::string> notes;
    EmotionOptions options;
    options.known = set.label_set;
    const FaceSet read = read_fer2013_csv(path, options, 2, notes);
    std::filesystem::remove(path);
    RC_ASSERT(same(read, set));
  });
}

TEST_CASE("FER+'s votes are read as they stand, in any order of columns", "[data][unit]") {
  const test::TemporaryFolder folder;
  for_all([&] {
    const auto rows = *rc::gen::inRange<std::int64_t>(1, 20);
    const at::Tensor votes =
        whole_numbers(rows * 10, kMostVotes + 1, at::kByte).reshape({rows, 10});
    RandomStream stream(*rc::gen::arbitrary<std::uint64_t>());
    const auto order = stream.permutation(10);
    std::string text;
    for (const std::int64_t c : order)
      text += std::string(kVoteNames[static_cast<std::size_t>(c)]) + ",";
    text += "Usage\n";
    for (std::int64_t i = 0; i < rows; ++i) {
      for (const std::int64_t c : order) text += std::to_string(votes[i][c].item<int>()) + ",";
      text += "Training\n";
    }
    write_file(folder / "v.csv", text);
    const FerPlusVotes read = read_ferplus_csv(folder / "v.csv");
    RC_ASSERT(read.votes.equal(votes));
  });
}

TEST_CASE("Names of classes are read as they are written", "[data][unit]") {
  for_all([] {
    const auto word = rc::gen::nonEmpty(
        rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab1\"\\'{}=,é"))));
    const auto keys = *rc::gen::container<std::vector<std::string>>(word);
    std::map<std::string, std::string, std::less<>> expected;
    for (const std::string& key : keys) {
      const std::string name = *word;
      if (!is_utf8(key) || !is_printable(name)) continue;
      expected[key] = name;
    }
    RC_PRE(!expected.empty());
    const ClassNames names = ClassNames::read(nlohmann::json(expected).dump());
    RC_ASSERT(names.all() == expected);
    RC_ASSERT(ClassNames::read(names.text()).all() == expected);
  });
}

}  // namespace
}  // namespace fer::data
