#include "fer/train/batches.h"

#include <ATen/Functions.h>
#include <torch/utils.h>

#include <algorithm>

#include "fer/augment/augment.h"
#include "fer/augment/mixup_cutmix.h"
#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/data/vote_targets.h"
#include "fer/tensors/face_images.h"
#include "fer/tensors/to_device.h"

namespace fer::train {

namespace {

// In float32, with the sampling grid, 230 MB at 48 pixels a side.
constexpr std::int64_t kOnGpuAtOnce = 8192;

constexpr std::int64_t kMostOnDevice = std::int64_t{4} << 30;  // bytes

// The size of a face relative to one of 48x48 grey pixels.
std::int64_t times_the_usual(const FaceFormat& format) {
  return static_cast<std::int64_t>((format.bytes() + kFacePixels - 1) / kFacePixels);
}

data::VoteMode vote_mode(FerplusTargets targets) {
  if (targets == FerplusTargets::majority) return data::VoteMode::majority;
  return targets == FerplusTargets::probability ? data::VoteMode::probability
                                                : data::VoteMode::crossentropy;
}

}  // namespace

std::int64_t Batches::images_at_once(at::Device device) {
  return device.is_cpu() ? 0 : kOnGpuAtOnce;
}

bool Batches::fits_on(at::Device device, const data::Images& images) {
  const auto bytes = images.size() * static_cast<std::int64_t>(images.format().bytes());
  return !device.is_cpu() && bytes <= kMostOnDevice;
}

at::Tensor Batches::all_on(at::Device device, const data::Images& images) {
  at::Tensor all = at::empty(tensors::sizes_of(images.format(), images.size()),
                             at::device(device).dtype(at::kByte));
  images.each_block([&](std::int64_t first, const at::Tensor& block) {
    all.narrow(0, first, block.size(0)).copy_(block);
  });
  return all;
}

Batches::Batches(const data::FaceSet& train, const TrainOptions& options, at::Device device,
                 std::int64_t at_once)
    : options_(options),
      device_(device),
      images_(train.images),
      labels_(train.labels.to(device)),
      classes_(static_cast<std::int64_t>(train.label_set.size())),
      steps_at_once_(std::max<std::int64_t>(
          at_once / times_the_usual(train.images.format()) / images_per_step(), 1)) {
  if (options.loss.ferplus_targets != FerplusTargets::off) take_votes(train);
  if (fits_on(device_, images_)) on_device_ = all_on(device_, images_);
}

void Batches::take_votes(const data::FaceSet& train) {
  const TrainOptions& options = options_;
  if (!train.votes.defined()) {
    throw OptionError("ferplus_targets", choice_name(options.loss.ferplus_targets),
                      "needs FER+'s votes; name their file with " + option("ferplus"));
  }
  const data::VoteTargets voted =
      data::vote_targets(train.votes, train.label_set, vote_mode(options.loss.ferplus_targets));
  const at::Tensor rows = voted.kept.nonzero().squeeze(1);
  if (rows.size(0) == 0) throw Error(train.source + ": FER+'s votes reject every training image");
  const at::Tensor given = at::one_hot(train.labels.index_select(0, rows), classes_);
  const double weight = options.loss.ferplus_weight;
  targets_ = voted.targets.index_select(0, rows).to(device_);
  given_ = given.to(at::kFloat).to(device_);
  images_ = train.images.select(rows);
  labels_ = (targets_ * weight + given_ * (1.0 - weight)).argmax(1);
}

std::vector<std::int64_t> Batches::class_counts() const {
  const at::Tensor counts = at::bincount(labels_.cpu(), {}, classes_);
  const auto* data = counts.const_data_ptr<std::int64_t>();
  return {data, data + counts.numel()};
}

std::int64_t Batches::images_per_step() const {
  return options_.batch_size * options_.optimizer.accumulate;
}

std::int64_t Batches::steps_per_epoch() const {
  const std::int64_t most = options_.steps_per_epoch;
  return most > 0 ? std::min(most, steps_of_all()) : steps_of_all();
}

std::int64_t Batches::steps_of_all() const {
  const std::int64_t whole = images_.size() / images_per_step();
  const std::int64_t rest = images_.size() % images_per_step();
  return whole + (rest > 1 || (rest == 1 && (whole == 0 || options_.batch_size == 1)) ? 1 : 0);
}

std::vector<Batches::Part> Batches::parts_of(std::int64_t step) const {
  const bool last = step + 1 == steps_of_all();
  const std::int64_t begin = step * images_per_step();
  const std::int64_t end = last ? images_.size() : begin + images_per_step();
  const RandomStream stream = epoch_stream_.child(static_cast<std::uint64_t>(step));
  std::vector<Part> parts;
  for (std::int64_t first = begin, count = 0; first < end; first += count) {
    count = std::min(options_.batch_size, end - first);
    if (end - first - count == 1 && count > 1) ++count;
    parts.push_back({first, count, parts.empty() ? stream : stream.child(parts.size())});
  }
  return parts;
}

std::vector<Batches::Rows> Batches::ghosts_of(const std::vector<Part>& parts) const {
  std::vector<Rows> ghosts;
  for (const Part& part : parts) {
    const std::int64_t count = options_.parts_of_batch(part.count, device_.is_cpu());
    for (std::int64_t ghost = 0; ghost < count; ++ghost) {
      const std::int64_t first = part.count * ghost / count;
      ghosts.push_back({part.first + first, part.count * (ghost + 1) / count - first});
    }
  }
  return ghosts;
}

std::vector<Batch> Batches::of_step(std::int64_t step, const StepShare& share) {
  if (step < prepared_.first_step || step >= prepared_.last_step) {
    // The blocks have the same bounds wherever an epoch is resumed, because draws for many steps
    // together must not depend on that.
    prepared_ = {};  // frees its memory first
    const std::int64_t first = step - step % steps_at_once_;
    prepared_ = prepare(first, std::min(first + steps_at_once_, steps_per_epoch()), share);
    expect_next(prepared_.last_step);
  }
  const std::vector<Rows> ghosts = ghosts_of(parts_of(step));
  const StepShare::Range own = share.own_parts(ghosts.size());
  const Batch& images = prepared_.images;
  std::vector<Batch> batches;
  for (std::size_t i = 0; i < ghosts.size(); ++i) {
    const auto rows_of = [&](const at::Tensor& all) {
      if (!all.defined()) return all;
      if (own.contains(i))
        return all.narrow(0, ghosts[i].first - prepared_.first_row, ghosts[i].count);
      std::vector<std::int64_t> sizes = all.sizes().vec();
      sizes[0] = ghosts[i].count;
      return at::empty(sizes, all.options().device(at::kMeta));
    };
    batches.push_back(
        {rows_of(images.levels), {rows_of(images.truth.labels), rows_of(images.truth.targets)}});
  }
  return batches;
}

std::vector<std::int64_t> Batches::draw_order(RandomStream stream) const {
  const std::int64_t count = images_.size();
  if (options_.loss.sampling == Sampling::uniform) return stream.permutation(count);
  std::vector<std::vector<std::int64_t>> rows_of(static_cast<std::size_t>(classes_));
  const at::Tensor labels = labels_.cpu();
  for (std::int64_t row = 0; row < count; ++row) {
    rows_of[static_cast<std::size_t>(labels.const_data_ptr<std::int64_t>()[row])].push_back(row);
  }
  std::erase_if(rows_of, [](const auto& rows) { return rows.empty(); });
  std::vector<std::int64_t> order;
  while (static_cast<std::int64_t>(order.size()) < count) {
    const auto& rows = rows_of[stream.below(rows_of.size())];
    order.push_back(rows[stream.below(rows.size())]);
  }
  return order;
}

void Batches::begin_epoch(std::int64_t epoch, const RandomStream& epoch_stream) {
  prepared_ = {};
  epoch_stream_ = epoch_stream;
  side_ = options_.train_size_in(epoch, images_.format().width);
  augment_ = options_.augment_in(epoch);
  std::vector<std::int64_t> order = draw_order(epoch_stream.child("order"));
  // Each image follows `repeats` times in a row; the total number of images stays.
  const auto repeats = static_cast<std::size_t>(augment_.repeats);
  if (repeats > 1) {
    std::vector<std::int64_t> repeated(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) repeated[i] = order[i / repeats];
    order = std::move(repeated);
  }
  order_ = tensors::to_device(order, device_);
}

// uint8 [M,H,W] or [M,H,W,3] on the device.
at::Tensor Batches::levels_of(const at::Tensor& rows) const {
  if (on_device_.defined()) return on_device_.index_select(0, rows);
  return images_.rows(rows.cpu()).to(device_);
}

// Prefetches the images of the next steps from the disk.
void Batches::expect_next(std::int64_t step) const {
  if (on_device_.defined() || step >= steps_per_epoch()) return;
  const std::int64_t first = step * images_per_step();
  const std::int64_t count = std::min(steps_at_once_ * images_per_step(), images_.size() - first);
  images_.expect(order_.narrow(0, first, count).cpu());
}

// Undefined if labels are enough.
at::Tensor Batches::targets_of(const at::Tensor& rows, const RandomStream& stream) const {
  if (!targets_.defined()) return {};
  at::Tensor votes = targets_.index_select(0, rows);
  if (options_.loss.ferplus_targets == FerplusTargets::probability) {
    // Barsoum et al. 2016, section 3.2: draws a label from the votes each time an image is used.
    torch::manual_seed(stream.child("drawn labels").key());
    votes = at::one_hot(at::multinomial(votes, 1).squeeze(1), classes_).to(at::kFloat);
  }
  const double weight = options_.loss.ferplus_weight;
  if (weight == 1.0) return votes;
  return votes * weight + given_.index_select(0, rows) * (1.0 - weight);
}

// The rows that this rank must augment: of its own parts only, if the result of an image does not
// depend on others.
Batches::Rows Batches::wanted_rows(const std::vector<Part>& parts, const std::vector<Rows>& ghosts,
                                   const StepShare& share) const {
  const std::int64_t first = parts.front().first;
  const Rows all{first, parts.back().first + parts.back().count - first};
  const bool mixes = augment_.mixup > 0.0 || augment_.cutmix > 0.0;
  const bool draws = options_.loss.ferplus_targets == FerplusTargets::probability;
  const StepShare::Range own = share.own_parts(ghosts.size());
  if (mixes || draws || !augment::each_by_itself(augment_) || own.size() == 0) return all;
  const Rows& last = ghosts[own.last - 1];
  return {ghosts[own.first].first, last.end() - ghosts[own.first].first};
}

Batches::Prepared Batches::prepare(std::int64_t first_step, std::int64_t last_step,
                                   const StepShare& share) const {
  std::vector<Part> parts;
  for (std::int64_t step = first_step; step < last_step; ++step) {
    for (Part& part : parts_of(step)) parts.push_back(std::move(part));
  }
  const Rows wanted = wanted_rows(parts, ghosts_of(parts), share);
  return {first_step, last_step, wanted.first, vary(wanted, parts)};
}

// Augments and mixes these images of consecutive batches, each by its own stream.
Batch Batches::vary(const Rows& wanted, const std::vector<Part>& parts) const {
  std::vector<augment::FaceChange> changes;
  std::vector<augment::MixupCutmixPlan> plans;
  const bool mixes = augment_.mixup > 0.0 || augment_.cutmix > 0.0;
  for (const Part& part : parts) {
    const auto own = augment::plan_changes(part.count, augment_, part.stream.child("augment"));
    changes.insert(changes.end(), own.begin(), own.end());
    if (mixes)
      plans.push_back(augment::plan_mixup_cutmix(part.count, side_, augment_, part.stream));
  }
  const RandomStream& stream = parts.front().stream;
  const at::Tensor rows = order_.narrow(0, wanted.first, wanted.count);
  const auto offset = static_cast<std::size_t>(wanted.first - parts.front().first);
  Batch batch{
      augment::apply_changes(levels_of(rows), changes, offset, stream.child("augment"), side_),
      {labels_.index_select(0, rows), targets_of(rows, stream)}};
  if (!mixes) return batch;
  const at::Tensor targets = batch.truth.targets.defined()
                                 ? batch.truth.targets
                                 : at::one_hot(batch.truth.labels, classes_).to(at::kFloat);
  const augment::MixedBatch mixed = augment::mixup_cutmix({batch.levels, targets}, plans);
  return {mixed.levels, {batch.truth.labels, mixed.targets}};
}

}  // namespace fer::train
