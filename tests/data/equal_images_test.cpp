#include "fer/data/equal_images.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <vector>

#include "data/set_fixtures.h"
#include "support/catch.h"

namespace fer::data {
namespace {

using Groups = std::vector<std::vector<std::int64_t>>;

at::Tensor images_of(const std::vector<int>& levels) {
  std::vector<test::Entry> entries;
  for (const int level : levels) entries.push_back({level, 0, Split::train});
  return test::make_set(entries).images.all();
}

TEST_CASE("Equal images are grouped in order of their first row", "[data][unit]") {
  CHECK(equal_images(images_of({5, 9, 7, 9, 5, 9})) == Groups{{0, 4}, {1, 3, 5}});
  CHECK(equal_images(images_of({1, 2, 3})).empty());
  CHECK(equal_images(at::empty({0, 48, 48}, at::kByte)).empty());
}

TEST_CASE("Of equal images the first stands for all", "[data][unit]") {
  CHECK(first_equals(images_of({5, 9, 7, 9, 5, 9})) == std::vector<std::int64_t>{0, 1, 2, 1, 0, 1});
  CHECK(first_equals(at::empty({0, 48, 48}, at::kByte)).empty());
}

TEST_CASE("Blank images are images like others", "[data][unit]") {
  CHECK(equal_images(at::zeros({3, 48, 48}, at::kByte)) == Groups{{0, 1, 2}});
}

TEST_CASE("One level in one pixel makes a difference, how images lie in memory none",
          "[data][unit]") {
  at::Tensor images = images_of({5, 5, 5});
  images[1][47][0] = 6;
  CHECK(equal_images(images) == Groups{{0, 2}});
  const at::Tensor strided = images.permute({1, 2, 0}).contiguous().permute({2, 0, 1});
  REQUIRE_FALSE(strided.is_contiguous());
  CHECK(equal_images(strided) == Groups{{0, 2}});
}

TEST_CASE("Lists of numbers are joined, and images found in them", "[data][unit]") {
  const at::Tensor images = images_of({5, 9, 7, 9});
  const auto list = distinct_hashes(images);
  CHECK(list.size() == 3);
  CHECK(std::is_sorted(list.begin(), list.end()));
  CHECK(united({1, 4}, {2, 4, 9}) == std::vector<std::uint64_t>{1, 2, 4, 9});
  const at::Tensor found = among(images, distinct_hashes(images_of({9, 1})));
  CHECK(found.equal(at::tensor({0, 1, 0, 1}).to(at::kBool)));
  CHECK_FALSE(among(images, {}).any().item<bool>());
}

TEST_CASE("Equal pixels have the same number, whatever else is in the set", "[data][unit]") {
  const auto some = image_hashes(images_of({5, 9, 7, 9}));
  REQUIRE(some.size() == 4);
  CHECK(some[1] == some[3]);
  CHECK(some[0] != some[1]);
  CHECK(image_hashes(images_of({9}))[0] == some[1]);
  CHECK(image_hashes(images_of({5}).narrow(0, 0, 0)).empty());
}

}  // namespace
}  // namespace fer::data
