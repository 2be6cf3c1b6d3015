#include "fer/data/data_check.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "fer/data/equal_images.h"

namespace fer::data {

namespace {

// Goodfellow et al. 2013, "Challenges in Representation Learning"; counts of the released CSV, in
// label order, for Training, PublicTest and PrivateTest.
constexpr std::array<std::array<std::int64_t, 7>, 3> kPublished = {{
    {3995, 436, 4097, 7215, 4830, 3171, 4965},
    {467, 56, 496, 895, 653, 415, 607},
    {491, 55, 528, 879, 594, 416, 626},
}};

// Whether to compare with FER2013's counts: a set of about the same size is FER2013 with a few rows
// lost or added; one of another size is another set.
bool about_as_many(std::int64_t total, const std::array<std::int64_t, 7>& published) {
  const std::int64_t expected =
      std::accumulate(published.begin(), published.end(), std::int64_t{0});
  return std::abs(total - expected) * 10 < expected;
}

class Rows {
 public:
  explicit Rows(const FaceSet& set)
      : labels_(set.labels), splits_(set.splits), blank_(blank_images(set.images)) {}

  std::int64_t label(std::int64_t row) const { return labels_.const_data_ptr<std::int64_t>()[row]; }
  Split split(std::int64_t row) const {
    return static_cast<Split>(splits_.const_data_ptr<std::uint8_t>()[row]);
  }
  bool blank(std::int64_t row) const { return blank_[static_cast<std::size_t>(row)]; }

 private:
  // Images whose pixels are all equal: each byte equals that of the pixel before.
  static std::vector<bool> blank_images(const Images& images) {
    const std::size_t bytes = images.format().bytes();
    const auto channels = static_cast<std::size_t>(images.format().channels());
    std::vector<bool> blank;
    images.each_block([&](std::int64_t, const at::Tensor& block) {
      const auto* image = block.const_data_ptr<std::uint8_t>();
      for (std::int64_t i = 0; i < block.size(0); ++i, image += bytes) {
        blank.push_back(std::equal(image + channels, image + bytes, image));
      }
    });
    return blank;
  }

  at::Tensor labels_, splits_;
  std::vector<bool> blank_;
};

std::vector<SplitCounts> count_splits(const FaceSet& set) {
  std::vector<SplitCounts> counted;
  for (const Split split : {Split::train, Split::val, Split::test, Split::none}) {
    if (!set.has(split)) continue;
    const FaceSet part = set.only(split);
    SplitCounts counts{split, part.size(), part.class_counts(), {}, false};
    if (split != Split::none && set.label_set == LabelSet::fer2013()) {
      const auto& published = kPublished[static_cast<std::size_t>(split)];
      if (about_as_many(counts.total, published)) {
        counts.published.assign(published.begin(), published.end());
      }
      counts.matches_published = counts.published == counts.per_class;
    }
    counted.push_back(std::move(counts));
  }
  return counted;
}

// Without blank images, which are reported separately.
std::vector<DuplicateGroup> find_duplicates(const Rows& rows, const FaceSet& set) {
  std::vector<DuplicateGroup> groups;
  for (std::vector<std::int64_t>& equal : equal_images(set.images)) {
    const std::int64_t first = equal.front();
    if (rows.blank(first)) continue;
    DuplicateGroup group{std::move(equal), false, false};
    for (const std::int64_t row : group.rows) {
      group.crosses_splits |= rows.split(first) != rows.split(row);
      group.labels_differ |= rows.label(first) != rows.label(row);
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

std::int64_t count_leaked(const Rows& rows, const DuplicateGroup& group) {
  const auto trained = std::count_if(group.rows.begin(), group.rows.end(), [&](std::int64_t row) {
    return rows.split(row) == Split::train;
  });
  if (trained == 0) return 0;
  return std::count_if(group.rows.begin(), group.rows.end(), [&](std::int64_t row) {
    return rows.split(row) == Split::val || rows.split(row) == Split::test;
  });
}

}  // namespace

DataCheck check_data(const FaceSet& set) {
  const Rows rows(set);
  DataCheck check;
  check.label_set = set.label_set;
  check.splits = count_splits(set);
  check.duplicates = find_duplicates(rows, set);
  for (std::int64_t row = 0; row < set.size(); ++row) {
    if (rows.blank(row)) check.blank_rows.push_back(row);
  }
  for (const DuplicateGroup& group : check.duplicates) {
    const auto size = static_cast<std::int64_t>(group.rows.size());
    check.duplicate_images += size;
    check.leaked_images += count_leaked(rows, group);
    if (group.labels_differ) check.contradicting_images += size;
  }
  return check;
}

}  // namespace fer::data
