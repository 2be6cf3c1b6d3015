#include "fer/data/face_set.h"

#include <ATen/Functions.h>

#include <algorithm>

#include "fer/core/error.h"
#include "fer/core/hash.h"
#include "fer/core/option_error.h"
#include "fer/core/options.h"
#include "fer/core/text.h"

namespace fer::data {

namespace {

constexpr std::array<Split, 4> kSplits = {Split::train, Split::val, Split::test, Split::none};

}  // namespace

std::string_view split_name(Split split) {
  constexpr std::array<std::string_view, 4> kNames = {"train", "val", "test", "unsplit"};
  return kNames[static_cast<std::size_t>(split)];
}

bool FaceSet::has(Split split) const { return count(split) > 0; }

std::int64_t FaceSet::count(Split split) const {
  if (size() == 0) return 0;
  return splits.eq(static_cast<std::int64_t>(split)).sum().item<std::int64_t>();
}

std::string FaceSet::describe_splits() const {
  std::vector<std::string> parts;
  for (const Split split : kSplits) {
    if (!has(split)) continue;
    parts.push_back(std::string(split_name(split)) + " (" + grouped(count(split)) + ")");
  }
  return join(parts, ", ");
}

FaceSet FaceSet::only(Split split) const {
  if (!has(split)) {
    throw Error(source + ": has no split '" + std::string(split_name(split)) +
                "'; it has: " + describe_splits());
  }
  return select(splits.eq(static_cast<std::int64_t>(split)).nonzero().squeeze(1));
}

FaceSet FaceSet::select(const at::Tensor& wanted) const {
  FaceSet chosen;
  chosen.images = images.select(wanted);
  chosen.labels = labels.index_select(0, wanted);
  chosen.splits = splits.index_select(0, wanted);
  if (votes.defined()) chosen.votes = votes.index_select(0, wanted);
  const auto* row = wanted.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; !names.empty() && i < wanted.numel(); ++i) {
    chosen.names.push_back(names[static_cast<std::size_t>(row[i])]);
  }
  chosen.rows = rows.defined() ? rows.index_select(0, wanted) : wanted;
  chosen.rows_there = rows_read();
  chosen.label_set = label_set;
  chosen.source = source;
  return chosen;
}

std::vector<std::int64_t> FaceSet::class_counts() const {
  const at::Tensor counts = at::bincount(labels, {}, static_cast<std::int64_t>(label_set.size()));
  const auto* data = counts.const_data_ptr<std::int64_t>();
  return {data, data + counts.numel()};
}

std::int64_t FaceSet::row_of(std::int64_t i) const {
  return rows.defined() ? rows[i].item<std::int64_t>() : i;
}

std::string FaceSet::name_of(std::int64_t i) const {
  return names.empty() ? "image " + std::to_string(row_of(i)) : names[static_cast<std::size_t>(i)];
}

std::string FaceSet::fingerprint() const {
  Hasher hasher;
  images.each_block([&](std::int64_t, const at::Tensor& block) {
    hasher.add(block.const_data_ptr<std::uint8_t>(), static_cast<std::size_t>(block.numel()));
  });
  const at::Tensor truths = labels.contiguous();
  hasher.add(truths.const_data_ptr<std::int64_t>(),
             static_cast<std::size_t>(truths.numel()) * sizeof(std::int64_t));
  const std::string classes = join(label_set.names(), "\n");
  hasher.add(classes.data(), classes.size());
  return hex64(hasher.value());
}

namespace {

void check_joinable(const FaceSet& first, const FaceSet& set) {
  if (set.label_set != first.label_set) {
    throw Error(set.source + ": has the classes " + join(set.label_set.names(), ", ") + "; " +
                first.source + " has " + join(first.label_set.names(), ", ") +
                "; sets that are joined need the same classes");
  }
  if (set.votes.defined() != first.votes.defined()) {
    const FaceSet& with = set.votes.defined() ? set : first;
    const FaceSet& without = set.votes.defined() ? first : set;
    throw Error(without.source + ": has no FER+ votes, and " + with.source +
                " has; of sets that are joined all need them, or none");
  }
  if (set.images.format() != first.images.format()) {
    throw Error(set.source + ": has images of " + text_of(set.images.format()) + " pixels; " +
                first.source + " has images of " + text_of(first.images.format()) +
                " pixels; sets that are joined need the same. " + option("image_size") + " and " +
                option("colour") + " say what pictures of folders become");
  }
}

// Row numbers of the joined set, as if the sets were one file.
void join_rows(const std::vector<FaceSet>& sets, FaceSet& joined) {
  std::vector<at::Tensor> rows;
  for (const FaceSet& set : sets) {
    const at::Tensor own = set.rows.defined() ? set.rows : at::arange(set.size(), at::kLong);
    rows.push_back(own + joined.rows_there);
    joined.rows_there += set.rows_read();
  }
  if (joined.rows_there > joined.size()) joined.rows = at::cat(rows);
}

}  // namespace

FaceSet join_sets(const std::vector<FaceSet>& sets) {
  if (sets.empty()) throw Error("no data sets to join");
  if (sets.size() == 1) return sets.front();
  std::vector<Images> images;
  std::vector<at::Tensor> labels, splits, votes;
  std::vector<std::string> sources;
  const bool named =
      std::all_of(sets.begin(), sets.end(), [](const FaceSet& set) { return !set.names.empty(); });
  for (const FaceSet& set : sets) {
    check_joinable(sets.front(), set);
    images.push_back(set.images);
    labels.push_back(set.labels);
    splits.push_back(set.splits);
    if (set.votes.defined()) votes.push_back(set.votes);
    sources.push_back(set.source);
  }
  FaceSet joined;
  for (const FaceSet& set : sets) {
    if (named) joined.names.insert(joined.names.end(), set.names.begin(), set.names.end());
  }
  joined.images = Images::joined(images);
  joined.labels = at::cat(labels);
  joined.splits = at::cat(splits);
  if (!votes.empty()) joined.votes = at::cat(votes);
  joined.label_set = sets.front().label_set;
  joined.source = join(sources, " + ");
  join_rows(sets, joined);
  return joined;
}

}  // namespace fer::data
