#include "fer/runtime/margin.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

namespace fer::runtime {

namespace {

constexpr std::size_t kMostSizes = 8;
// Making a margin costs a run, and saves about a third of each later one.
constexpr int kFirstWithMargin = 4;

// Calls f(first byte, how many) for each row of what is read beyond the changed part of a map.
template <typename Function>
void each_row_beyond(const Map& map, const graph::Reached& reached, Slots& slots,
                     std::int64_t image, const Function& f) {
  const std::int64_t pixel = map.shape.pixel();
  for (std::int64_t y = 0; y < reached.read.height; ++y) {
    const std::int64_t x = y < reached.made.height ? reached.made.width : 0;
    const std::int64_t count = reached.read.width - x;
    if (count > 0) f(map.row(slots, image, y) + x * pixel, static_cast<std::size_t>(count * pixel));
  }
}

void fill(const Map& map, float level, Slots& slots) {
  for (std::int64_t y = 0; y < map.shape.size.height; ++y) {
    auto* row = reinterpret_cast<float*>(map.row(slots, 0, y));
    std::fill_n(row, map.shape.size.width * map.shape.size.channels, level);
  }
}

}  // namespace

Margin::Margin(const Program& program, const Blank& blank, Slots& slots)
    : reached_(program.reach.of(blank.content, program.temporary)), beyond_(reached_.size()) {
  const auto keep = [&](graph::ValueId value) {
    const auto each_row = [&](const auto& f) {
      each_row_beyond(program.maps[value], reached_[value], slots, 0, f);
    };
    std::size_t size = 0;
    each_row([&](const char*, std::size_t count) { size += count; });
    std::vector<char>& bytes = beyond_[value];
    bytes.reserve(size);
    each_row([&](const char* first, std::size_t count) {
      bytes.insert(bytes.end(), first, first + count);
    });
  };
  fill(program.input, blank.level, slots);
  keep(graph::kInput);
  for (const Step& step : program.steps) {
    const graph::Extent& whole = program.whole[step.value];
    const std::int64_t pieces = step.layer->pieces(1, whole);
    for (std::int64_t piece = 0; piece < pieces; ++piece) step.layer->run(slots, 1, whole, piece);
    if (step.last) keep(step.value);
  }
}

void Margin::complete(const Program& program, graph::ValueId value, Slots& slots,
                      std::int64_t image) const {
  const char* from = beyond_[value].data();
  each_row_beyond(program.maps[value], reached_[value], slots, image,
                  [&](char* first, std::size_t count) {
                    std::memcpy(first, from, count);
                    from += count;
                  });
}

std::shared_ptr<const Margin> Margins::of(const Blank& blank, const Make& make) {
  const auto find = [&] {
    return std::find_if(entries_.begin(), entries_.end(),
                        [&](const Entry& entry) { return entry.blank == blank; });
  };
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = find();
    if (found == entries_.end()) {
      if (entries_.size() == kMostSizes) entries_.erase(entries_.begin());
      entries_.push_back({.blank = blank});
      return nullptr;
    }
    std::rotate(found, found + 1, entries_.end());
    Entry& entry = entries_.back();
    if (entry.margin != nullptr) return entry.margin;
    // It is made by the caller that counts to this number, or where that fails, never.
    if (entry.seen >= kFirstWithMargin || ++entry.seen < kFirstWithMargin) return nullptr;
  }
  std::shared_ptr<const Margin> margin = make();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const auto found = find(); found != entries_.end()) found->margin = margin;
  return margin;
}

}  // namespace fer::runtime
