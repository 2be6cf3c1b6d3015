#include "fer/data/equal_images.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <numeric>
#include <unordered_map>

#include "fer/core/face.h"
#include "fer/core/hash.h"

namespace fer::data {

std::vector<std::uint64_t> image_hashes(const at::Tensor& images) {
  const at::Tensor rows = images.contiguous();
  const auto* pixels = rows.const_data_ptr<std::uint8_t>();
  std::vector<std::uint64_t> hashes;
  hashes.reserve(static_cast<std::size_t>(rows.size(0)));
  for (std::int64_t row = 0; row < rows.size(0); ++row, pixels += kFacePixels) {
    hashes.push_back(hash64(pixels, kFacePixels));
  }
  return hashes;
}

std::vector<std::vector<std::int64_t>> equal_images(const at::Tensor& images) {
  const at::Tensor rows = images.contiguous();
  const auto* pixels = rows.const_data_ptr<std::uint8_t>();
  const auto image = [pixels](std::int64_t row) {
    return pixels + static_cast<std::size_t>(row) * kFacePixels;
  };
  // Found by hash, confirmed by content.
  const std::vector<std::uint64_t> hashes = image_hashes(rows);
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> groups_of_hash;
  std::vector<std::vector<std::int64_t>> groups;
  for (std::int64_t row = 0; row < rows.size(0); ++row) {
    std::vector<std::size_t>& candidates = groups_of_hash[hashes[static_cast<std::size_t>(row)]];
    const auto same = std::find_if(candidates.begin(), candidates.end(), [&](std::size_t group) {
      return std::memcmp(image(groups[group].front()), image(row), kFacePixels) == 0;
    });
    if (same != candidates.end()) {
      groups[*same].push_back(row);
    } else {
      candidates.push_back(groups.size());
      groups.push_back({row});
    }
  }
  std::erase_if(groups, [](const std::vector<std::int64_t>& group) { return group.size() < 2; });
  return groups;
}

std::vector<std::int64_t> first_equals(const at::Tensor& images) {
  std::vector<std::int64_t> firsts(static_cast<std::size_t>(images.size(0)));
  std::iota(firsts.begin(), firsts.end(), 0);
  for (const std::vector<std::int64_t>& group : equal_images(images)) {
    for (const std::int64_t row : group) firsts[static_cast<std::size_t>(row)] = group.front();
  }
  return firsts;
}

std::vector<std::uint64_t> distinct_hashes(const at::Tensor& images) {
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

at::Tensor among(const at::Tensor& images, const std::vector<std::uint64_t>& hashes) {
  const std::vector<std::uint64_t> own = image_hashes(images);
  at::Tensor found = at::zeros({images.size(0)}, at::kBool);
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
