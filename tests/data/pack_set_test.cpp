#include "fer/data/pack_set.h"

#include <ATen/Functions.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "data/set_fixtures.h"
#include "data/vote_fixtures.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/data/image_store.h"
#include "fer/data/packed_file.h"
#include "fer/data/synthetic_set.h"
#include "support/catch.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer::data {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

constexpr FaceFormat kLarge{224, 224, Colour::rgb};
constexpr std::int64_t kBlock = (std::int64_t{16} << 20) / (224 * 224 * 3);  // read at once: 111
constexpr std::int64_t kImages = kBlock + 4;

// Images whose every level is their number; some are broken or fail. Records which were read.
class Numbered : public ImageStore {
 public:
  std::int64_t size() const override { return kImages; }
  void read(std::int64_t first, std::span<std::uint8_t> to) const override {
    for (std::size_t at = 0; at < to.size(); at += kLarge.bytes(), ++first) {
      if (first == fails) throw Error("number " + std::to_string(first) + " fails");
      const std::lock_guard lock(mutex);
      was_read.insert(first);
      std::fill_n(to.begin() + static_cast<std::ptrdiff_t>(at), kLarge.bytes(),
                  static_cast<std::uint8_t>(first));
    }
  }
  bool is_broken(std::int64_t row) const override { return broken.contains(row); }
  bool is_stretched(std::int64_t row) const override { return stretched.contains(row); }
  void add_identity(Hasher& hasher) const override { hasher.add(called); }

  std::string called = "numbered";
  std::int64_t fails = -1;
  std::set<std::int64_t> broken, stretched;
  mutable std::set<std::int64_t> was_read;
  mutable std::mutex mutex;
};

FaceSet set_of(const std::shared_ptr<Numbered>& store) {
  FaceSet set;
  set.source = "numbers";
  set.images = Images(store, kLarge);
  set.labels = at::arange(kImages, at::kLong).remainder(7);
  set.splits = at::arange(kImages, at::kLong).remainder(4).to(at::kByte);
  return set;
}

std::optional<Packed> pack(const fs::path& path, const FaceSet& set, PackOptions options = {},
                           bool stopped = false) {
  test::RecordingConsole console;
  console.stop = stopped;
  options.resumable_from = 1;
  return pack_set(path, set, options, console, console.stop);
}

std::string content(const fs::path& path) { return read_file(path, std::size_t{1} << 30); }

// The first level of each image of a packed file. After the images come the splits, a byte each.
std::vector<int> numbers_in(const fs::path& path, std::int64_t count) {
  const std::string bytes = content(path);
  const std::size_t images = bytes.size() - static_cast<std::size_t>(count) * (kLarge.bytes() + 1);
  std::vector<int> numbers;
  for (std::int64_t i = 0; i < count; ++i) {
    numbers.push_back(
        static_cast<unsigned char>(bytes[images + static_cast<std::size_t>(i) * kLarge.bytes()]));
  }
  return numbers;
}

TEST_CASE("A set that is packed in order is the same set, with votes and by any number of threads",
          "[data][unit]") {
  const test::TemporaryFolder folder;
  FaceSet set = make_synthetic_set(150, 1);
  set.votes = at::arange(1500, at::kLong).remainder(9).to(at::kByte).reshape({150, 10});
  REQUIRE(pack(folder / "a", set));
  REQUIRE(pack(folder / "b", set, {.threads = 3}));
  const FaceSet read = read_packed_file(folder / "a");
  CHECK(read.fingerprint() == set.fingerprint());
  CHECK(read.splits.equal(set.splits));
  CHECK(read.votes.equal(set.votes));
  CHECK(content(folder / "a") == content(folder / "b"));
  write_packed_file(folder / "c", set);
  CHECK(content(folder / "a") == content(folder / "c"));
  CHECK_THROWS_MATCHES(pack(folder / "a", set), Error,
                       MessageMatches(ContainsSubstring("has appeared in the meantime")));
}

TEST_CASE("A set that is shuffled has every image once, with its own label, split and votes",
          "[data][unit]") {
  const test::TemporaryFolder folder;
  FaceSet set = make_synthetic_set(150, 1);
  set.votes = at::arange(1500, at::kLong).remainder(9).to(at::kByte).reshape({150, 10});
  const auto packed = pack(folder / "a", set, {.shuffle = true, .seed = 5, .threads = 2});
  REQUIRE(packed);
  const FaceSet read = read_packed_file(folder / "a"), expected = set.select(packed->rows);
  CHECK(read.fingerprint() == expected.fingerprint());
  CHECK(read.splits.equal(expected.splits));
  CHECK(read.votes.equal(expected.votes));
  CHECK(std::get<0>(packed->rows.sort()).equal(at::arange(150, at::kLong)));
  CHECK_FALSE(packed->rows.equal(at::arange(150, at::kLong)));
  REQUIRE(pack(folder / "b", set, {.shuffle = true, .seed = 5}));
  REQUIRE(pack(folder / "c", set, {.shuffle = true, .seed = 6}));
  CHECK(content(folder / "a") == content(folder / "b"));
  CHECK(content(folder / "a") != content(folder / "c"));
}

TEST_CASE("What was written before an error or a stop is not read again, and the file is the same",
          "[data][unit]") {
  const test::TemporaryFolder folder;
  const PackOptions shuffled{.shuffle = true, .seed = 1};
  const auto undisturbed = std::make_shared<Numbered>();
  REQUIRE(pack(folder / "whole", set_of(undisturbed), shuffled));
  CHECK(undisturbed->was_read.size() == kImages);

  const fs::path path = folder / "parts";
  const auto store = std::make_shared<Numbered>();
  CHECK_FALSE(pack(path, set_of(store), shuffled, /*stopped=*/true));
  CHECK(store->was_read.empty());
  store->fails = kBlock + 1;  // in the second block
  CHECK_THROWS_MATCHES(pack(path, set_of(store), shuffled), Error,
                       MessageMatches(ContainsSubstring("number 112 fails")));
  CHECK_FALSE(fs::exists(path));
  CHECK(fs::exists(path.string() + ".part"));
  store->fails = -1;
  store->was_read.clear();
  const auto packed = pack(path, set_of(store), shuffled);
  REQUIRE(packed);
  CHECK(packed->already_there == kBlock);
  CHECK(store->was_read == std::set<std::int64_t>{111, 112, 113, 114});
  CHECK(content(path) == content(folder / "whole"));
  CHECK_FALSE(fs::exists(path.string() + ".part"));
}

TEST_CASE("Other images, labels or another order begin anew", "[data][unit]") {
  const test::TemporaryFolder folder;
  const fs::path path = folder / "parts";
  const auto leave_part = [&] {
    const auto store = std::make_shared<Numbered>();
    store->fails = kBlock + 2;
    CHECK_THROWS_AS(pack(path, set_of(store)), Error);
  };
  const auto already_there = [&](const FaceSet& set, const PackOptions& options) {
    leave_part();
    const auto packed = pack(path, set, options);
    fs::remove(path);
    return packed->already_there;
  };
  const auto same = std::make_shared<Numbered>(), other = std::make_shared<Numbered>();
  other->called = "other numbers";
  FaceSet relabelled = set_of(same);
  relabelled.labels = relabelled.labels.clone();
  relabelled.labels[3] = 0;
  CHECK(already_there(set_of(same), {}) == kBlock);
  CHECK(already_there(set_of(other), {}) == 0);
  CHECK(already_there(relabelled, {}) == 0);
  CHECK(already_there(set_of(same), {.shuffle = true}) == 0);
}

TEST_CASE("Broken pictures leave no hole, also where they were met before a stop", "[data][unit]") {
  const test::TemporaryFolder folder;
  const fs::path path = folder / "set";
  const auto store = std::make_shared<Numbered>();
  store->broken = {0, 7, 8, 114};
  store->fails = kBlock + 2;
  CHECK_THROWS_AS(pack(path, set_of(store)), Error);
  store->fails = -1;
  const auto packed = pack(path, set_of(store));
  REQUIRE(packed);
  CHECK(packed->already_there == kBlock);
  CHECK(packed->skipped ==
        "numbers: skipped 4 broken pictures: 'image 0', 'image 7', 'image 8' and 1 more");
  std::vector<int> expected;
  for (int number = 1; number <= 113; ++number) {
    if (number != 7 && number != 8) expected.push_back(number);
  }
  CHECK(numbers_in(path, 111) == expected);
  CHECK(packed->rows.equal(at::tensor(expected).to(at::kLong)));
  CHECK_FALSE(fs::exists(path.string() + ".part"));
  // The same file as without the broken images.
  const FaceSet others = set_of(store).select(packed->rows);
  REQUIRE(pack(folder / "others", others));
  CHECK(content(path) == content(folder / "others"));
}

TEST_CASE("A notice counts the stretched pictures, those before a stop, too", "[data][unit]") {
  const test::TemporaryFolder folder;
  const auto store = std::make_shared<Numbered>();
  store->stretched = {3, 50, kBlock + 3};
  store->fails = kBlock + 1;
  CHECK_THROWS_AS(pack(folder / "set", set_of(store)), Error);
  store->fails = -1;
  const auto packed = pack(folder / "set", set_of(store));
  REQUIRE(packed);
  CHECK(packed->already_there == kBlock);
  CHECK(packed->stretched ==
        "numbers: 3 of 115 pictures are not square, and are stretched to a square");
  store->stretched.clear();
  CHECK(pack(folder / "others", set_of(store))->stretched.empty());
}

TEST_CASE("A set of broken pictures alone is an error", "[data][unit]") {
  const test::TemporaryFolder folder;
  const auto store = std::make_shared<Numbered>();
  for (std::int64_t row = 0; row < kImages; ++row) store->broken.insert(row);
  CHECK_THROWS_MATCHES(pack(folder / "set", set_of(store)), Error,
                       MessageMatches(ContainsSubstring("none of its pictures can be read")));
}

TEST_CASE("A small set that is stopped leaves nothing", "[data][unit]") {
  const test::TemporaryFolder folder;
  test::RecordingConsole console;
  console.stop = true;
  CHECK_FALSE(pack_set(folder / "set", make_synthetic_set(70, 1), {}, console, console.stop));
  CHECK(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace fer::data
