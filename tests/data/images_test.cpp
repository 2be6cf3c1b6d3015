#include "fer/data/images.h"

#include <ATen/Functions.h>

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/parallel.h"
#include "fer/data/image_store.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::data {
namespace {

using test::TemporaryFolder;

constexpr FaceFormat kSmall{2, 3, Colour::grey};

// uint8 [N,3,2] that counts on from `first`.
at::Tensor counting(std::int64_t count, std::int64_t first = 0) {
  return at::arange(first, first + count * 6, at::kLong).to(at::kByte).reshape({count, 3, 2});
}

at::Tensor numbers(const std::vector<std::int64_t>& rows) { return at::tensor(rows, at::kLong); }

// The same images in a file, behind 5 other bytes.
Images filed(const TemporaryFolder& folder, const at::Tensor& images) {
  const std::filesystem::path path = folder / "images";
  const std::string bytes(static_cast<const char*>(images.const_data_ptr()), images.nbytes());
  write_file(path, "start" + bytes + "end");
  return {std::make_shared<const RandomAccessFile>(path), 5, images.size(0), kSmall};
}

TEST_CASE("Images of a file are those of the tensor that was written", "[data][unit]") {
  const TemporaryFolder folder;
  const at::Tensor tensor = counting(7);
  for (const Images& images : {Images(tensor), filed(folder, tensor)}) {
    CHECK(images.size() == 7);
    CHECK(images.format() == kSmall);
    CHECK(images.all().equal(tensor));
    CHECK(images.block(2, 3).equal(tensor.narrow(0, 2, 3)));
    CHECK(images.block(7, 0).sizes() == at::IntArrayRef({0, 3, 2}));
    CHECK(images.row(6).equal(tensor[6]));
    const at::Tensor wanted = numbers({6, 0, 1, 2, 2, 5});
    CHECK(images.rows(wanted).equal(tensor.index_select(0, wanted)));
    CHECK_THROWS(images.rows(numbers({7})));
    CHECK_THROWS(images.rows(numbers({-1})));
    CHECK_THROWS(images.block(5, 3));
  }
}

TEST_CASE("Colours are the last of four numbers of a shape", "[data][unit]") {
  const at::Tensor tensor =
      at::arange(2 * 4 * 5 * 3, at::kLong).to(at::kByte).reshape({2, 4, 5, 3});
  const Images images(tensor);
  CHECK(images.format() == FaceFormat{5, 4, Colour::rgb});
  CHECK(images.row(1).equal(tensor[1]));
  CHECK(images.all().sizes() == at::IntArrayRef({2, 4, 5, 3}));
  CHECK_THROWS(Images(at::zeros({2, 4, 5, 4}, at::kByte)));  // four colours
  CHECK_THROWS(Images(at::zeros({2, 4, 5})));                // no bytes
}

TEST_CASE("A selection of a selection of joined images has the images that were meant",
          "[data][unit]") {
  const TemporaryFolder folder;
  const at::Tensor first = counting(5), second = counting(4, 100);
  const Images all = Images::joined(
      {Images(first).select(numbers({4, 0, 3})), filed(folder, second), Images(first)});
  const at::Tensor expected = at::cat({first.index_select(0, numbers({4, 0, 3})), second, first});
  REQUIRE(all.size() == 12);
  CHECK(all.all().equal(expected));
  const at::Tensor some = numbers({11, 3, 4, 5, 6, 7, 0});
  const Images chosen = all.select(some);
  CHECK(chosen.all().equal(expected.index_select(0, some)));
  CHECK(chosen.select(numbers({2, 1})).all().equal(expected.index_select(0, numbers({4, 3}))));
  CHECK(chosen.select(numbers({})).size() == 0);
  CHECK(chosen.select(numbers({})).all().sizes() == at::IntArrayRef({0, 3, 2}));
  CHECK_THROWS(chosen.select(numbers({7})));
}

TEST_CASE("Images that lie one behind another in several tensors are one block", "[data][unit]") {
  const at::Tensor first = counting(3), second = counting(2, 50);
  const Images all = Images::joined({Images(first), Images(second)});
  CHECK(all.block(1, 3).equal(at::cat({first, second}).narrow(0, 1, 3)));
  CHECK(all.block(3, 2).const_data_ptr() == second.const_data_ptr());
}

TEST_CASE("A selection copies no pixel, and a change of the tensor shows in it", "[data][unit]") {
  const at::Tensor tensor = counting(4);
  const Images images(tensor);
  const Images chosen = images.select(numbers({2}));
  CHECK(images.all().const_data_ptr() == tensor.const_data_ptr());
  tensor[2].fill_(77);
  CHECK(chosen.all().eq(77).all().item<bool>());
}

TEST_CASE("Blocks are in order, whole, and no larger than was asked for", "[data][unit]") {
  const TemporaryFolder folder;
  const at::Tensor tensor = counting(7);
  for (const Images& images : {Images(tensor), filed(folder, tensor)}) {
    std::vector<at::Tensor> blocks;
    std::vector<std::int64_t> firsts;
    images.each_block(3, [&](std::int64_t first, const at::Tensor& block) {
      firsts.push_back(first);
      blocks.push_back(block.clone());
    });
    CHECK(firsts == std::vector<std::int64_t>{0, 3, 6});
    CHECK(at::cat(blocks).equal(tensor));
  }
  CHECK(Images(at::empty({1, 48, 48}, at::kByte)).at_once() == 7281);  // of 2,304 bytes: 16 MiB
}

TEST_CASE("What is expected is asked of the place where it lies, a run at a time", "[data][unit]") {
  struct Place : ImageStore {
    std::int64_t size() const override { return 10; }
    void read(std::int64_t, std::span<std::uint8_t>) const override {}
    void expect(std::int64_t first, std::int64_t count) const override {
      asked.emplace_back(first, count);
    }
    void add_identity(Hasher&) const override {}
    mutable std::vector<std::pair<std::int64_t, std::int64_t>> asked;
  };
  const auto place = std::make_shared<Place>();
  const Images all = Images::joined({Images(counting(3)), Images(), Images(place, kSmall)});
  CHECK(all.size() == 13);
  all.select(numbers({12, 5, 6, 7, 0})).expect(numbers({0, 1, 2, 3, 4}));
  CHECK(place->asked == std::vector<std::pair<std::int64_t, std::int64_t>>{{9, 1}, {2, 3}});
}

TEST_CASE("Several threads read the same images", "[data][unit]") {
  const TemporaryFolder folder;
  const at::Tensor tensor = counting(40);
  const Images images = filed(folder, tensor).select(at::arange(39, -1, -1, at::kLong));
  std::vector<int> right(8);
  parallel_for(8, 4, [&](std::int64_t i) {
    right[static_cast<std::size_t>(i)] = images.block(i, 32).equal(tensor.flip(0).narrow(0, i, 32));
  });
  CHECK(right == std::vector<int>(8, 1));
}

TEST_CASE("No images are images, too", "[data][unit]") {
  const Images none;
  CHECK(none.size() == 0);
  CHECK(none.all().sizes() == at::IntArrayRef({0, 48, 48}));
  CHECK(Images::joined({}).size() == 0);
  none.each_block([](std::int64_t, const at::Tensor&) { FAIL("there is no block"); });
}

}  // namespace
}  // namespace fer::data
