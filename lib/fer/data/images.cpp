#include "fer/data/images.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "fer/data/image_store.h"
#include "fer/tensors/face_images.h"

namespace fer::data {

namespace {

constexpr std::size_t kBlockBytes = 16u << 20;

class TensorStore : public ImageStore {
 public:
  explicit TensorStore(at::Tensor levels)
      : levels_(std::move(levels)), bytes_(levels_.numel() / std::max<std::int64_t>(size(), 1)) {}

  std::int64_t size() const override { return levels_.size(0); }
  void read(std::int64_t first, std::span<std::uint8_t> to) const override {
    if (to.empty()) return;
    std::memcpy(to.data(), levels_.const_data_ptr<std::uint8_t>() + first * bytes_, to.size());
  }
  at::Tensor tensor() const override { return levels_; }
  void add_identity(Hasher& hasher) const override {
    hasher.add(levels_.const_data_ptr(), levels_.nbytes());
  }

 private:
  at::Tensor levels_;
  std::int64_t bytes_;
};

class FileStore : public ImageStore {
 public:
  FileStore(std::shared_ptr<const RandomAccessFile> file, std::size_t offset, std::int64_t count,
            std::size_t bytes)
      : file_(std::move(file)), offset_(offset), count_(count), bytes_(bytes) {}

  std::int64_t size() const override { return count_; }
  void read(std::int64_t first, std::span<std::uint8_t> to) const override {
    file_->read(offset_of(first), to);
  }
  void expect(std::int64_t first, std::int64_t count) const override {
    file_->expect(offset_of(first), static_cast<std::size_t>(count) * bytes_);
  }
  void add_identity(Hasher& hasher) const override { hasher.add(file_->identity()); }

 private:
  std::size_t offset_of(std::int64_t row) const {
    return offset_ + static_cast<std::size_t>(row) * bytes_;
  }

  std::shared_ptr<const RandomAccessFile> file_;
  std::size_t offset_;
  std::int64_t count_;
  std::size_t bytes_;
};

std::span<const std::int64_t> numbers_in(const at::Tensor& wanted) {
  TORCH_CHECK(wanted.scalar_type() == at::kLong && wanted.is_cpu() && wanted.is_contiguous(),
              "row numbers are int64 [M] on the CPU");
  return {wanted.const_data_ptr<std::int64_t>(), static_cast<std::size_t>(wanted.numel())};
}

}  // namespace

Images::Images(const at::Tensor& levels) : format_(tensors::format_of(levels)) {
  TORCH_CHECK(levels.scalar_type() == at::kByte && levels.is_cpu(), "images are uint8 on the CPU");
  stores_.push_back({std::make_shared<TensorStore>(levels.contiguous()), 0});
}

Images::Images(std::shared_ptr<const RandomAccessFile> file, std::size_t offset, std::int64_t count,
               const FaceFormat& format)
    : format_(format) {
  stores_.push_back(
      {std::make_shared<FileStore>(std::move(file), offset, count, format.bytes()), 0});
}

Images::Images(std::shared_ptr<const ImageStore> store, const FaceFormat& format)
    : format_(format) {
  stores_.push_back({std::move(store), 0});
}

std::int64_t Images::stored() const {
  return stores_.empty() ? 0 : stores_.back().begin + stores_.back().store->size();
}

std::int64_t Images::size() const { return order_.defined() ? order_.numel() : stored(); }

const Images::Stored& Images::store_of(std::int64_t place) const {
  const auto next =
      std::upper_bound(stores_.begin(), stores_.end(), place,
                       [](std::int64_t at, const Stored& stored) { return at < stored.begin; });
  return *std::prev(next);
}

void Images::check_range(std::int64_t first, std::int64_t count) const {
  TORCH_CHECK_INDEX(first >= 0 && count >= 0 && first <= size() && count <= size() - first,
                    "no images ", first, " to ", first + count);
}

// The places of these rows in the stores.
std::vector<std::int64_t> Images::places(std::int64_t first, std::int64_t count) const {
  check_range(first, count);
  std::vector<std::int64_t> places(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) places[static_cast<std::size_t>(i)] = first + i;
  if (!order_.defined()) return places;
  std::copy_n(order_.const_data_ptr<std::int64_t>() + first, count, places.begin());
  return places;
}

// Groups consecutive images, which are then read at once. `at`: index of the first one among the
// wanted images.
void Images::each_run(const std::vector<std::int64_t>& places,
                      const std::function<void(const ImageStore& store, std::int64_t first,
                                               std::int64_t count, std::int64_t at)>& run) const {
  for (std::size_t i = 0, count = 0; i < places.size(); i += count) {
    TORCH_CHECK_INDEX(places[i] >= 0 && places[i] < stored(), "no image ", places[i]);
    const Stored& found = store_of(places[i]);
    const std::int64_t end = found.begin + found.store->size();
    for (count = 1; i + count < places.size(); ++count) {
      const std::int64_t next = places[i] + static_cast<std::int64_t>(count);
      if (places[i + count] != next || next >= end) break;
    }
    run(*found.store, places[i] - found.begin, static_cast<std::int64_t>(count),
        static_cast<std::int64_t>(i));
  }
}

at::Tensor Images::gathered(const std::vector<std::int64_t>& places) const {
  at::Tensor levels =
      at::empty(tensors::sizes_of(format_, static_cast<std::int64_t>(places.size())), at::kByte);
  auto* to = levels.data_ptr<std::uint8_t>();
  const std::size_t bytes = format_.bytes();
  each_run(places,
           [&](const ImageStore& store, std::int64_t first, std::int64_t count, std::int64_t at) {
             store.read(first, {to + static_cast<std::size_t>(at) * bytes,
                                static_cast<std::size_t>(count) * bytes});
           });
  return levels;
}

std::vector<std::int64_t> Images::places_of(const at::Tensor& wanted) const {
  const auto rows = numbers_in(wanted);
  std::vector<std::int64_t> places(rows.begin(), rows.end());
  if (order_.defined()) {
    const auto order = numbers_in(order_);
    for (std::int64_t& place : places) {
      TORCH_CHECK_INDEX(place >= 0 && place < size(), "no image ", place);
      place = order[static_cast<std::size_t>(place)];
    }
  }
  return places;
}

at::Tensor Images::rows(const at::Tensor& wanted) const { return gathered(places_of(wanted)); }

at::Tensor Images::row(std::int64_t row) const { return gathered(places(row, 1)).squeeze(0); }

at::Tensor Images::block(std::int64_t first, std::int64_t count) const {
  check_range(first, count);
  if (!order_.defined() && count > 0) {
    const Stored& found = store_of(first);
    const at::Tensor levels = found.store->tensor();
    if (levels.defined() && first + count <= found.begin + levels.size(0)) {
      return levels.narrow(0, first - found.begin, count);
    }
  }
  return gathered(places(first, count));
}

std::int64_t Images::at_once() const {
  return std::max<std::int64_t>(static_cast<std::int64_t>(kBlockBytes / format_.bytes()), 1);
}

void Images::each_block(
    std::int64_t at_once,
    const std::function<void(std::int64_t first, const at::Tensor& block)>& look) const {
  for (std::int64_t first = 0; first < size(); first += at_once) {
    look(first, block(first, std::min(at_once, size() - first)));
  }
}

void Images::expect(const at::Tensor& wanted) const {
  each_run(places_of(wanted), [](const ImageStore& store, std::int64_t first, std::int64_t count,
                                 std::int64_t) { store.expect(first, count); });
}

std::vector<std::int64_t> Images::broken_rows(std::int64_t first, std::int64_t count) const {
  std::vector<std::int64_t> broken;
  each_run(places(first, count),
           [&](const ImageStore& store, std::int64_t in_store, std::int64_t run, std::int64_t at) {
             for (std::int64_t i = 0; i < run; ++i) {
               if (store.is_broken(in_store + i)) broken.push_back(first + at + i);
             }
           });
  return broken;
}

std::int64_t Images::stretched_rows(std::int64_t first, std::int64_t count) const {
  std::int64_t stretched = 0;
  each_run(places(first, count),
           [&](const ImageStore& store, std::int64_t in_store, std::int64_t run, std::int64_t) {
             for (std::int64_t i = 0; i < run; ++i)
               stretched += store.is_stretched(in_store + i) ? 1 : 0;
           });
  return stretched;
}

std::string Images::name(std::int64_t row) const {
  const std::int64_t place = places(row, 1).front();
  const Stored& found = store_of(place);
  return found.store->name(place - found.begin);
}

std::string Images::identity() const {
  Hasher hasher;
  for (const Stored& stored : stores_) {
    const std::int64_t count = stored.store->size();
    hasher.add(&count, sizeof(count));
    stored.store->add_identity(hasher);
  }
  if (order_.defined()) hasher.add(order_.const_data_ptr(), order_.nbytes());
  return hex64(hasher.value());
}

Images Images::select(const at::Tensor& wanted) const {
  const auto rows = numbers_in(wanted);
  for (const std::int64_t row : rows) TORCH_CHECK_INDEX(row >= 0 && row < size(), "no image ", row);
  Images chosen = *this;
  chosen.order_ = order_.defined() ? order_.index_select(0, wanted) : wanted.clone();
  return chosen;
}

Images Images::joined(const std::vector<Images>& parts) {
  Images all;
  std::vector<at::Tensor> orders;
  bool ordered = false;
  for (const Images& part : parts) {
    if (part.stores_.empty()) continue;
    const std::int64_t begin = all.stored();
    TORCH_CHECK(all.stores_.empty() || part.format_ == all.format_, "images of several formats");
    all.format_ = part.format_;
    for (const Stored& stored : part.stores_) {
      all.stores_.push_back({stored.store, begin + stored.begin});
    }
    ordered = ordered || part.order_.defined();
    const at::Tensor own = part.order_.defined() ? part.order_ : at::arange(part.size(), at::kLong);
    orders.push_back(own.add(begin));
  }
  if (ordered) all.order_ = at::cat(orders);
  return all;
}

}  // namespace fer::data
