#include "fer/data/equal_images.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "fer/core/hash.h"

namespace fer::data {

namespace {

// Adds the groups of equal images among rows with the same hash, ascending.
void add_equal_ones(const Images& images, std::vector<std::int64_t> rows,
                    std::vector<std::vector<std::int64_t>>& groups) {
  while (rows.size() > 1) {
    const at::Tensor first = images.row(rows.front());
    std::vector<std::int64_t> equal, others;
    for (const std::int64_t row : rows) {
      const bool same = row == rows.front() || images.row(row).equal(first);
      (same ? equal : others).push_back(row);
    }
    if (equal.size() > 1) groups.push_back(std::move(equal));
    rows = std::move(others);
  }
}

}  // namespace

std::vector<std::uint64_t> image_hashes(const Images& images) {
  const std::size_t bytes = images.format().bytes();
  std::vector<std::uint64_t> hashes;
  hashes.reserve(static_cast<std::size_t>(images.size()));
  images.each_block([&](std::int64_t, const at::Tensor& block) {
    const auto* pixels = block.const_data_ptr<std::uint8_t>();
    for (std::int64_t row = 0; row < block.size(0); ++row, pixels += bytes) {
      hashes.push_back(hash64(pixels, bytes));
    }
  });
  return hashes;
}

std::vector<std::vector<std::int64_t>> equal_images(const Images& images) {
  // Found by hash, confirmed by content.
  const std::vector<std::uint64_t> hashes = image_hashes(images);
  const auto hash_of = [&](std::int64_t row) { return hashes[static_cast<std::size_t>(row)]; };
  std::vector<std::int64_t> by_hash(hashes.size());
  std::iota(by_hash.begin(), by_hash.end(), std::int64_t{0});
  std::stable_sort(by_hash.begin(), by_hash.end(),
                   [&](std::int64_t a, std::int64_t b) { return hash_of(a) < hash_of(b); });
  std::vector<std::vector<std::int64_t>> groups;
  for (auto first = by_hash.begin(); first != by_hash.end();) {
    const auto last = std::find_if(
        first, by_hash.end(), [&](std::int64_t row) { return hash_of(row) != hash_of(*first); });
    if (last - first > 1) add_equal_ones(images, {first, last}, groups);
    first = last;
  }
  std::sort(groups.begin(), groups.end(),
            [](const auto& a, const auto& b) { return a.front() < b.front(); });
  return groups;
}

std::vector<std::int64_t> first_equals(const Images& images) {
  std::vector<std::int64_t> firsts(static_cast<std::size_t>(images.size()));
  std::iota(firsts.begin(), firsts.end(), 0);
  for (const std::vector<std::int64_t>& group : equal_images(images)) {
    for (const std::int64_t row : group) firsts[static_cast<std::size_t>(row)] = group.front();
  }
  return firsts;
}

std::vector<std::uint64_t> distinct_hashes(const Images& images) {
  std::vector<std::uint64_t> hashes = image_hashes(images);
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

std::vector<std::uint64_t> united(const std::vector<std::uint64_t>& first,
                                  const std::vector<std::uint64_t>& second) {
  std::vector<std::uint64_t> all;
  std::set_union(first.begin(), first.end(), second.begin(), second.end(), std::back_inserter(all));
  return all;
}

at::Tensor among(const Images& images, const std::vector<std::uint64_t>& hashes) {
  const std::vector<std::uint64_t> own = image_hashes(images);
  at::Tensor found = at::zeros({images.size()}, at::kBool);
  auto* flags = found.data_ptr<bool>();
  for (std::size_t i = 0; i < own.size(); ++i) {
    flags[i] = std::binary_search(hashes.begin(), hashes.end(), own[i]);
  }
  return found;
}

std::vector<std::vector<std::size_t>> distinct_rows_by_class(
    const std::vector<std::int64_t>& firsts, const at::Tensor& labels, std::size_t classes) {
  const auto* label_of = labels.const_data_ptr<std::int64_t>();
  std::vector<std::vector<std::size_t>> rows(classes);
  for (std::size_t row = 0; row < firsts.size(); ++row) {
    if (firsts[row] != static_cast<std::int64_t>(row)) continue;
    rows[static_cast<std::size_t>(label_of[row])].push_back(row);
  }
  return rows;
}

}  // namespace fer::data
