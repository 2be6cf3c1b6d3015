// A picture that does not fill a network's square leaves a blank margin to its right or below it.
// Whatever the margin alone determines in the network's maps is the same for all such pictures, and
// is computed once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "fer/graph/reach.h"
#include "fer/runtime/lowering.h"

namespace fer::runtime {

// Of all pixels outside of `content`, an upper left corner, every channel is `level`.
struct Blank {
  graph::Extent content;
  float level = 0.0F;

  bool operator==(const Blank&) const = default;
};

// Does not change once it is made.
class Margin {
 public:
  // Runs the program on one image that is blank throughout, in `slots`.
  Margin(const Program& program, const Blank& blank, Slots& slots);

  // What is to be computed of a value's map for a picture in the content.
  const graph::Extent& part(graph::ValueId value) const { return reached_[value].changed; }

  // Writes what the next layers read beyond that part. Call it when the part is computed.
  void complete(const Program& program, graph::ValueId value, Slots& slots,
                std::int64_t image) const;

 private:
  std::vector<graph::Reached> reached_;    // by value
  std::vector<std::vector<char>> beyond_;  // by value: of each row that is read, what lies beyond
};

// The margins of the sizes of pictures that were seen of late. Several threads may ask.
class Margins {
 public:
  using Make = std::function<std::shared_ptr<const Margin>()>;

  // Null for a size that was not seen of late: to make a margin costs a run of its own, which the
  // first picture of a size, often the only one, would not win back.
  std::shared_ptr<const Margin> of(const Blank& blank, const Make& make);

 private:
  struct Entry {
    Blank blank;
    std::shared_ptr<const Margin> margin;  // null: seen once
  };

  std::mutex mutex_;
  std::vector<Entry> entries_;  // the one asked for last at the end
};

}  // namespace fer::runtime
