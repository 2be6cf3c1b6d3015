#include "fer/runtime/executable.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/runtime/kernels/table.h"
#include "fer/runtime/lowering.h"
#include "fer/runtime/margin.h"

namespace fer::runtime {

struct Executable::Parts {
  Program program;
  Margins margins;
  std::mutex mutex;
  std::vector<Slots> idle;  // memory of finished runs
  std::size_t lent = 0;     // runs that hold memory now; `idle` has room for theirs

  Slots make_slots() const {
    Slots slots;
    for (const std::int64_t bytes : program.slots) {
      slots.emplace_back(static_cast<std::size_t>(program.group * bytes + kSlack), '\0');
    }
    return slots;
  }
};

// Memory for a run that goes back when it is no longer needed.
class Executable::Lease {
 public:
  explicit Lease(Parts& parts) : parts_(parts) {
    if (!take_idle()) make();
  }
  // Needs no memory: there is room for all that are lent.
  ~Lease() {
    const std::lock_guard<std::mutex> lock(parts_.mutex);
    --parts_.lent;
    parts_.idle.push_back(std::move(slots_));
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  Slots& slots() { return slots_; }

 private:
  bool take_idle() {
    const std::lock_guard<std::mutex> lock(parts_.mutex);
    if (parts_.idle.empty()) return false;
    slots_ = std::move(parts_.idle.back());
    parts_.idle.pop_back();
    ++parts_.lent;
    return true;
  }

  void make() {
    slots_ = parts_.make_slots();
    const std::lock_guard<std::mutex> lock(parts_.mutex);
    parts_.idle.reserve(parts_.idle.size() + parts_.lent + 1);
    ++parts_.lent;
  }

  Parts& parts_;
  Slots slots_;
};

namespace {

// Maps are NHWC, results NCHW.
void read_output(const Map& map, Slots& slots, std::int64_t image, float* to) {
  const graph::Shape& size = map.shape.size;
  const std::int64_t pixels = size.height * size.width;
  for (std::int64_t y = 0; y < size.height; ++y) {
    const auto* row = reinterpret_cast<const float*>(map.row(slots, image, y));
    for (std::int64_t x = 0; x < size.width; ++x) {
      for (std::int64_t c = 0; c < size.channels; ++c) {
        to[c * pixels + y * size.width + x] = row[x * size.channels + c];
      }
    }
  }
}

// The way of some images through a program. `load(image, y, row)` writes a row of an image's
// pixels. With a margin, what it decides is not computed.
template <typename LoadRow>
class RunOfImages {
 public:
  RunOfImages(const Program& program, const Margin* margin, std::int64_t count, const LoadRow& load)
      : program_(program), margin_(margin), count_(count), load_(load) {
    for (const Map& output : program.outputs) {
      results_.emplace_back(static_cast<std::size_t>(count * output.shape.size.count()));
    }
  }

  std::vector<std::vector<float>> results() && { return std::move(results_); }

  // One image after the other, each by the whole team.
  void divide_rows(Slots& slots, Team& team) {
    for (std::int64_t image = 0; image < count_; ++image) {
      load_group(slots, image, 1);
      for (const Step& step : program_.steps) {
        const graph::Extent& part = part_of(step.value);
        team.run(step.layer->pieces(1, part),
                 [&](std::int64_t piece, int) { step.layer->run(slots, 1, part, piece); });
        complete(step, slots, 1);
      }
      keep_group(slots, image, 1);
    }
  }

  // Each member takes a few images at a time through the whole program, in slots of its own: layers
  // then find their input in the core's own cache, and nobody waits for another.
  template <typename SlotsOf>
  void divide_images(const SlotsOf& slots_of, Team& team) {
    const std::int64_t pieces = pieces_for(team.size());
    team.run(pieces, [&](std::int64_t piece, int member) {
      Slots& slots = slots_of(member);
      const std::int64_t first = piece * count_ / pieces;
      const std::int64_t images = (piece + 1) * count_ / pieces - first;
      load_group(slots, first, images);
      for (const Step& step : program_.steps) {
        const graph::Extent& part = part_of(step.value);
        const std::int64_t count = step.layer->pieces(images, part);
        for (std::int64_t i = 0; i < count; ++i) step.layer->run(slots, images, part, i);
        complete(step, slots, images);
      }
      keep_group(slots, first, images);
    });
  }

 private:
  // The smallest number of equal groups that fit into the slots and divide evenly among the
  // members: for two members, 16 images in groups of at most 5 become 4 groups of 4; groups of 5,
  // 5, 5 and 1 would leave one member idle.
  std::int64_t pieces_for(std::int64_t members) const {
    const std::int64_t share = (count_ + members - 1) / members;
    const std::int64_t rounds = (share + program_.group - 1) / program_.group;
    return std::min(count_, rounds * members);
  }

  const graph::Extent& part_of(graph::ValueId value) const {
    return margin_ == nullptr ? program_.whole[value] : margin_->part(value);
  }

  void complete(const Step& step, Slots& slots, std::int64_t images) const {
    if (margin_ == nullptr || !step.last) return;
    for (std::int64_t i = 0; i < images; ++i) margin_->complete(program_, step.value, slots, i);
  }

  // Rows are loaded as a whole: beyond the content they are blank.
  void load_group(Slots& slots, std::int64_t first, std::int64_t images) const {
    for (std::int64_t i = 0; i < images; ++i) {
      for (std::int64_t y = 0; y < part_of(graph::kInput).height; ++y) {
        load_(first + i, y, reinterpret_cast<float*>(program_.input.row(slots, i, y)));
      }
      if (margin_ != nullptr) margin_->complete(program_, graph::kInput, slots, i);
    }
  }

  void keep_group(Slots& slots, std::int64_t first, std::int64_t images) {
    for (std::size_t o = 0; o < results_.size(); ++o) {
      const std::int64_t size = program_.outputs[o].shape.size.count();
      for (std::int64_t i = 0; i < images; ++i) {
        read_output(program_.outputs[o], slots, i, results_[o].data() + (first + i) * size);
      }
    }
  }

  const Program& program_;
  const Margin* margin_;  // null: none
  std::int64_t count_;
  const LoadRow& load_;
  std::vector<std::vector<float>> results_;
};

// How many images there are.
std::int64_t count_of(std::size_t numbers, const graph::Shape& input) {
  const auto image = static_cast<std::size_t>(input.count());
  if (numbers % image != 0) {
    throw Error("the network takes images of " + std::to_string(image) + " numbers; it was given " +
                std::to_string(numbers));
  }
  return static_cast<std::int64_t>(numbers / image);
}

// Contents of nearly the same size share a margin.
graph::Extent rounded_up(const graph::Extent& content, const graph::Shape& input) {
  constexpr std::int64_t kStep = 8;
  const auto up = [](std::int64_t side, std::int64_t most) {
    return std::min((side + kStep - 1) / kStep * kStep, most);
  };
  return {up(content.height, input.height), up(content.width, input.width)};
}

}  // namespace

GreyLevels::GreyLevels(float scale, float shift)
    : values_{}, unchanged_(scale == 1.0F && shift == 0.0F) {
  for (std::size_t level = 0; level < values_.size(); ++level) {
    values_[level] = static_cast<float>(level) * scale - shift;
  }
}

void GreyLevels::convert(const std::uint8_t* from, std::int64_t count, float* to) const {
  constexpr int kBlock = 16;  // what the compiler makes vectors of
  std::int64_t i = 0;
  for (; unchanged_ && i + kBlock <= count; i += kBlock) {
    for (int j = 0; j < kBlock; ++j) to[i + j] = static_cast<float>(from[i + j]);
  }
  for (; i < count; ++i) to[i] = values_[from[i]];
}

Executable::Executable(const graph::Graph& graph, const CompileOptions& options)
    : instructions_(options.instructions),
      precision_(options.precision),
      parts_(std::make_unique<Parts>()) {
  const std::vector<Instructions>& runnable = runnable_instructions();
  if (std::find(runnable.begin(), runnable.end(), instructions_) == runnable.end()) {
    throw Error("this processor lacks the instructions " + std::string(name_of(instructions_)));
  }
  const bool bfloat16 = precision_ == Precision::bfloat16;
  if (bfloat16 && !runs_bfloat16(instructions_)) {
    throw Error("there are no bfloat16 products with the instructions " +
                std::string(name_of(instructions_)));
  }
  parts_->program =
      lower(graph, options.height, options.width, kernels_for(instructions_), precision_);
  if (precision_ == Precision::int8 && parts_->program.eight_bit_maps == 0) {
    throw Error("the network has no scales for 8-bit integers");
  }
}

Executable::~Executable() = default;

graph::Shape Executable::input() const { return parts_->program.input.shape.size; }

graph::Shape Executable::output(std::size_t number) const {
  return parts_->program.outputs.at(number).shape.size;
}

template <typename LoadRow>
std::vector<std::vector<float>> Executable::run_images(std::int64_t count, const Margin* margin,
                                                       const LoadRow& load, Team& team) const {
  RunOfImages<LoadRow> run(parts_->program, margin, count, load);
  if (count < team.size()) {
    Lease lease(*parts_);
    run.divide_rows(lease.slots(), team);
    return std::move(run).results();
  }
  std::vector<std::optional<Lease>> leases(static_cast<std::size_t>(team.size()));
  for (std::optional<Lease>& lease : leases) lease.emplace(*parts_);
  run.divide_images(
      [&](int member) -> Slots& { return leases[static_cast<std::size_t>(member)]->slots(); },
      team);
  return std::move(run).results();
}

std::vector<std::vector<float>> Executable::run(std::span<const float> images, Team& team) const {
  const graph::Shape size = input();
  const auto load = [&](std::int64_t image, std::int64_t y, float* row) {
    const float* from = images.data() + image * size.count() + y * size.width;
    for (std::int64_t x = 0; x < size.width; ++x) {
      for (std::int64_t c = 0; c < size.channels; ++c) {
        *row++ = from[c * size.height * size.width + x];
      }
    }
  };
  return run_images(count_of(images.size(), size), nullptr, load, team);
}

std::shared_ptr<const Margin> Executable::margin_of(const Blank& blank) const {
  return parts_->margins.of(blank, [&] {
    Lease lease(*parts_);
    return std::make_shared<const Margin>(parts_->program, blank, lease.slots());
  });
}

std::vector<std::vector<float>> Executable::run(std::span<const std::uint8_t> images,
                                                const GreyLevels& levels, Team& team) const {
  const graph::Shape size = input();
  return run(images, levels, team, {size.height, size.width});
}

std::vector<std::vector<float>> Executable::run(std::span<const std::uint8_t> images,
                                                const GreyLevels& levels, Team& team,
                                                const graph::Extent& content) const {
  const graph::Shape size = input();
  const auto load = [&](std::int64_t image, std::int64_t y, float* row) {
    const std::int64_t length = size.width * size.channels;
    levels.convert(images.data() + (image * size.height + y) * length, length, row);
  };
  const graph::Extent rounded = rounded_up(content, size);
  std::shared_ptr<const Margin> margin;
  if (rounded != graph::Extent{size.height, size.width}) margin = margin_of({rounded, levels[0]});
  return run_images(count_of(images.size(), size), margin.get(), load, team);
}

void softmax_rows(std::span<float> logits, std::int64_t classes, double temperature) {
  const auto scale = static_cast<float>(1.0 / temperature);
  for (auto row = logits.begin(); row != logits.end(); row += classes) {
    const float largest = *std::max_element(row, row + classes);
    float sum = 0.0F;
    for (auto logit = row; logit != row + classes; ++logit) {
      sum += * logit = std::exp((*logit - largest) * scale);
    }
    for (auto logit = row; logit != row + classes; ++logit) *logit /= sum;
  }
}

}  // namespace fer::runtime
