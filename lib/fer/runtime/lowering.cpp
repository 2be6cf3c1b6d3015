#include "fer/runtime/lowering.h"

#include <algorithm>
#include <utility>

#include "fer/core/error.h"
#include "fer/graph/eight_bit.h"

namespace fer::runtime {

namespace {

using graph::Activation;
using graph::kInput;
using graph::kNone;
using graph::ValueId;

// The largest map of a group of images has at most this many bytes, so that it stays in a core's
// own cache.
constexpr std::int64_t kGroupBytes = 512 * 1024;
constexpr std::int64_t kLargestGroup = 8;
// All maps of one group; bounds what an untrusted graph can ask for.
constexpr std::int64_t kMostBytes = std::int64_t{1} << 32;

// Maps from this size on share memory with maps of other shapes: what is written then lies in a
// cache more often, which is worth more than clearing their halos costs.
constexpr std::int64_t kLargeBytes = 64 * 1024;

// Which slots are taken. A slot that is given back serves the next map of its shape, or a large one
// the next large map of its type.
class SlotTable {
 public:
  // `shares`: whether it may be in a slot of other shapes.
  Map take(const MapShape& shape, bool shares = true) {
    const bool large = shares && shape.image() >= kLargeBytes;
    std::size_t best = free_.size();
    for (std::size_t i = 0; i < free_.size(); ++i) {
      const Slot& slot = slots_[free_[i]];
      const bool fits =
          slot.first == shape || (large && slot.large && slot.first.type == shape.type);
      if (!fits) continue;
      if (best == free_.size() || is_better(slot, slots_[free_[best]], shape)) best = i;
    }
    if (best == free_.size()) {
      slots_.push_back({shape, shape.image(), large, /*mixed=*/false});
      return {slots_.size() - 1, shape};
    }
    const std::size_t taken = free_[best];
    free_.erase(free_.begin() + static_cast<std::ptrdiff_t>(best));
    Slot& slot = slots_[taken];
    slot.mixed = slot.mixed || slot.first != shape;
    slot.bytes = std::max(slot.bytes, shape.image());
    return {taken, shape};
  }

  void give_back(const Map& map) { free_.push_back(map.slot); }

  // Whether maps of several shapes lie there.
  bool is_mixed(std::size_t slot) const { return slots_[slot].mixed; }

  std::vector<std::int64_t> sizes() const {
    std::vector<std::int64_t> bytes;
    for (const Slot& slot : slots_) bytes.push_back(slot.bytes);
    return bytes;
  }

 private:
  struct Slot {
    MapShape first;
    std::int64_t bytes;  // of the largest map
    bool large, mixed;
  };

  // One of the same shape, else the smallest that is large enough, else the largest.
  static bool is_better(const Slot& slot, const Slot& best, const MapShape& shape) {
    if ((slot.first == shape) != (best.first == shape)) return slot.first == shape;
    const bool fits = slot.bytes >= shape.image(), best_fits = best.bytes >= shape.image();
    if (fits != best_fits) return fits;
    return fits ? slot.bytes < best.bytes : slot.bytes > best.bytes;
  }

  std::vector<Slot> slots_;
  std::vector<std::size_t> free_;
};

// The facts about a value that are known before any layer is made.
struct Value {
  MapShape shape;
  float scale = 1.0F;
  std::size_t readers = 0, last_reader = 0;  // nodes
  bool is_output = false;
};

bool relu_of(Activation activation) { return activation == Activation::relu; }

// Whether layers compute it by themselves; the others take a pass of their own, in float32.
bool is_fused(Activation activation) {
  return activation == Activation::none || activation == Activation::relu;
}

struct ActivationOf {
  template <typename Node>
  Activation operator()(const Node& node) const {
    if constexpr (requires { node.activation; }) {
      return node.activation;
    } else {
      return Activation::none;
    }
  }
};

class Lowering {
 public:
  Lowering(const graph::Graph& graph, std::int64_t height, std::int64_t width,
           const Kernels& kernels, Precision precision)
      : graph_(graph),
        kernels_(kernels),
        values_(graph.value_count()),
        maps_(graph.value_count()),
        pooled_later_(graph.nodes.size(), false) {
    const std::vector<graph::Shape> shapes = graph::shapes_of(graph, height, width);
    for (std::size_t i = 0; i < shapes.size(); ++i) values_[i].shape.size = shapes[i];
    program_.reach = graph::Reach(graph, shapes);
    find_readers();
    find_pooled();
    find_halos();
    if (precision != Precision::float32 && kernels.has_bfloat16) find_types();
    if (precision == Precision::int8) find_integers(graph::eight_bit_scales(graph, shapes));
  }

  Program lower() && {
    maps_[kInput] = slots_.take(values_[kInput].shape, /*shares=*/false);
    for (node_ = 0; node_ < graph_.nodes.size(); ++node_) {
      if (pooled_later_[node_]) continue;
      std::visit([this](const auto& node) { add(node); }, graph_.nodes[node_]);
      const Activation activation = activation_of(node_);
      if (!is_fused(activation)) note(activation_layer(maps_[node_ + 1], activation));
      give_back_values();
    }
    program_.input = maps_[kInput];
    for (const ValueId output : graph_.outputs) program_.outputs.push_back(maps_[output]);
    program_.slots = slots_.sizes();
    choose_group();
    clear_halos();
    describe_values();
    return std::move(program_);
  }

 private:
  Activation activation_of(std::size_t node) const {
    return std::visit(ActivationOf(), graph_.nodes[node]);
  }

  void find_readers() {
    for (std::size_t node = 0; node < graph_.nodes.size(); ++node) {
      for (const ValueId value : graph::inputs_of(graph_.nodes[node])) {
        ++values_[value].readers;
        values_[value].last_reader = node;
      }
    }
    for (const ValueId output : graph_.outputs) values_[output].is_output = true;
  }

  // The convolution whose result this pooling alone reads, if both can be one layer.
  const graph::Conv* pooled_conv(const graph::Pool& pool) const {
    if (pool.kind != graph::PoolKind::max || pool.kernel != 2 || pool.stride != 2 ||
        pool.padding != 0 || pool.rows != 0 || pool.from == kInput) {
      return nullptr;
    }
    const auto* conv = std::get_if<graph::Conv>(&graph_.nodes[pool.from - 1]);
    const Value& value = values_[pool.from];
    const bool fits = conv != nullptr && conv->groups == 1 && conv->add == kNone &&
                      is_fused(conv->activation) && value.readers == 1 && !value.is_output &&
                      value.shape.size.height % 2 == 0 && value.shape.size.width % 2 == 0;
    return fits ? conv : nullptr;
  }

  // Such a convolution is made where its pooling stands; its input must live until then.
  void find_pooled() {
    for (std::size_t node = 0; node < graph_.nodes.size(); ++node) {
      const auto* pool = std::get_if<graph::Pool>(&graph_.nodes[node]);
      const graph::Conv* conv = pool == nullptr ? nullptr : pooled_conv(*pool);
      if (conv == nullptr) continue;
      pooled_later_[pool->from - 1] = true;
      values_[conv->from].last_reader = std::max(values_[conv->from].last_reader, node);
    }
  }

  void find_halos() {
    for (const graph::Node& node : graph_.nodes) {
      const auto* conv = std::get_if<graph::Conv>(&node);
      if (conv == nullptr) continue;
      std::int64_t& halo = values_[conv->from].shape.halo;
      halo = std::max(halo, conv->padding);
    }
  }

  // Products take bfloat16 in pairs, so channels must be even. Vectors, what leaves the network,
  // and values that layers copy as they are, or know as float32 alone, stay as they are computed.
  void find_types() {
    for (std::size_t value = 1; value < values_.size(); ++value) {
      MapShape& shape = values_[value].shape;
      const bool fits = shape.size.channels % 2 == 0 && shape.size.height * shape.size.width > 1 &&
                        !values_[value].is_output && is_fused(activation_of(value - 1));
      if (fits) shape.type = Number::bfloat16;
    }
    for (std::size_t node = 0; node < graph_.nodes.size(); ++node) {
      const graph::Node& some = graph_.nodes[node];
      const bool plain = std::holds_alternative<graph::Concat>(some) ||
                         std::holds_alternative<graph::Upsample>(some) ||
                         std::holds_alternative<graph::PixelShuffle>(some) ||
                         std::holds_alternative<graph::Resize>(some) ||
                         std::holds_alternative<graph::Multiply>(some);
      if (!plain) continue;
      values_[node + 1].shape.type = Number::float32;
      for (const ValueId part : graph::inputs_of(some)) values_[part].shape.type = Number::float32;
    }
  }

  void find_integers(const std::vector<float>& scales) {
    for (std::size_t value = 0; value < scales.size(); ++value) {
      if (scales[value] == 0.0F) continue;
      values_[value].shape.type = kernels_.integer;
      values_[value].scale = scales[value];
      ++program_.eight_bit_maps;
    }
  }

  void describe_values() {
    for (const Value& value : values_) {
      program_.whole.push_back({value.shape.size.height, value.shape.size.width});
    }
    program_.maps = maps_;
    program_.temporary.assign(values_.size(), false);
    for (std::size_t node = 0; node < pooled_later_.size(); ++node) {
      program_.temporary[node + 1] = pooled_later_[node];
    }
    std::vector<Step>& steps = program_.steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      steps[i].last = i + 1 == steps.size() || steps[i + 1].value != steps[i].value;
    }
  }

  void choose_group() {
    std::int64_t largest = 1, all = 0;
    for (const std::int64_t bytes : program_.slots) {
      largest = std::max(largest, bytes);
      all += bytes;
    }
    program_.group = std::clamp<std::int64_t>(kGroupBytes / largest, 1, kLargestGroup);
    if (all * program_.group > kMostBytes) {
      throw Error("the network needs more memory for its values than is allowed");
    }
  }

  // Values that no later node reads; one that nobody reads is only in the way.
  void give_back_values() {
    for (ValueId value = 0; value <= node_ + 1; ++value) {
      Value& some = values_[value];
      const bool made = value == kInput || !pooled_later_[value - 1];
      const bool done = value == node_ + 1 ? some.readers == 0 : some.last_reader <= node_;
      if (given_back_.size() <= value) given_back_.resize(value + 1, false);
      if (!made || !done || some.is_output || given_back_[value]) continue;
      slots_.give_back(maps_[value]);
      given_back_[value] = true;
    }
  }

  // The map of this node's value, which the next layer is the first to write.
  const Map& result() {
    first_writers_.push_back({node_ + 1, program_.steps.size()});
    Map& map = maps_[node_ + 1] = slots_.take(values_[node_ + 1].shape);
    map.scale = values_[node_ + 1].scale;
    return map;
  }

  // Before a map is written where maps of other shapes have been.
  void clear_halos() {
    std::vector<Step> steps;
    std::size_t next = 0;
    for (const auto& [value, step] : first_writers_) {
      while (next < step) steps.push_back(std::move(program_.steps[next++]));
      const Map& map = maps_[value];
      if (map.shape.halo > 0 && slots_.is_mixed(map.slot))
        steps.push_back({halo_layer(map), value});
    }
    while (next < program_.steps.size()) steps.push_back(std::move(program_.steps[next++]));
    program_.steps = std::move(steps);
  }

  const Map* map_of(ValueId value) const { return value == kNone ? nullptr : &maps_[value]; }

  void note(LayerPtr layer) { program_.steps.push_back({std::move(layer), node_ + 1}); }

  void add_conv(const graph::Conv& conv, const Map& to, bool pools) {
    note(conv_layer(kernels_, maps_[conv.from], to, map_of(conv.add),
                    {conv.outputs, conv.kernel_height, conv.kernel_width, conv.stride, conv.padding,
                     conv.weights, conv.bias, relu_of(conv.activation), pools}));
  }

  void add(const graph::Conv& conv) {
    const Map& to = result();
    if (conv.groups == 1) {
      add_conv(conv, to, /*pools=*/false);
      return;
    }
    if (conv.add == kNone) {
      note(depthwise_layer(kernels_, maps_[conv.from], to, conv));
      return;
    }
    graph::Conv plain = conv;
    plain.activation = Activation::none;
    note(depthwise_layer(kernels_, maps_[conv.from], to, plain));
    note(affine_layer(kernels_, to, map_of(conv.add), to, {{}, {}, {}, relu_of(conv.activation)}));
  }

  // A dense layer is a convolution whose window is the whole map.
  void add(const graph::Linear& linear) {
    const graph::Shape& from = values_[linear.from].shape.size;
    note(conv_layer(kernels_, maps_[linear.from], result(), nullptr,
                    {linear.outputs, from.height, from.width, 1, 0, linear.weights, linear.bias,
                     relu_of(linear.activation), /*pools=*/false}));
  }

  void add(const graph::Pool& pool) {
    const Map& to = result();
    if (const graph::Conv* conv = pooled_conv(pool)) {
      add_conv(*conv, to, /*pools=*/true);
    } else {
      note(pool_layer(kernels_, maps_[pool.from], to, pool));
    }
  }

  void add(const graph::Mean& mean) { note(mean_layer(kernels_, maps_[mean.from], result())); }

  void add(const graph::Affine& affine) {
    note(affine_layer(kernels_, maps_[affine.from], nullptr, result(),
                      {affine.scale, affine.shift, {}, relu_of(affine.activation)}));
  }

  void add(const graph::Gate& gate) {
    note(gate_layer(kernels_, maps_[gate.from], maps_[gate.gate], gate.opens, map_of(gate.add),
                    result(), relu_of(gate.activation)));
  }

  void add(const graph::Add& sum) {
    note(affine_layer(kernels_, maps_[sum.from], map_of(sum.other), result(),
                      {{}, {}, {}, relu_of(sum.activation)}));
  }

  void add(const graph::PRelu& prelu) {
    note(affine_layer(kernels_, maps_[prelu.from], nullptr, result(),
                      {{}, {}, prelu.slopes, /*relu=*/false}));
  }

  void add(const graph::Upsample& upsample) {
    note(upsample_layer(maps_[upsample.from], result(), upsample.factor));
  }

  void add(const graph::PixelShuffle& shuffle) {
    note(pixel_shuffle_layer(maps_[shuffle.from], result(), shuffle.block));
  }

  void add(const graph::Resize& resize) {
    note(resize_layer(maps_[resize.from], result(), resize));
  }

  void add(const graph::Multiply& product) {
    note(multiply_layer(maps_[product.from], maps_[product.other], result()));
  }

  void add(const graph::Concat& concat) {
    const Map& to = result();
    std::int64_t channel = 0;
    for (const ValueId part : concat.parts) {
      note(copy_channels_layer(maps_[part], to, channel));
      channel += values_[part].shape.size.channels;
    }
  }

  const graph::Graph& graph_;
  const Kernels& kernels_;
  std::vector<Value> values_;
  std::vector<Map> maps_;
  std::vector<bool> pooled_later_;  // nodes that are made with the pooling behind them
  std::vector<bool> given_back_;    // values
  SlotTable slots_;
  struct FirstWriter {
    ValueId value;
    std::size_t step;
  };
  std::vector<FirstWriter> first_writers_;
  std::size_t node_ = 0;
  Program program_;
};

}  // namespace

Program lower(const graph::Graph& graph, std::int64_t height, std::int64_t width,
              const Kernels& kernels, Precision precision) {
  return Lowering(graph, height, width, kernels, precision).lower();
}

}  // namespace fer::runtime
