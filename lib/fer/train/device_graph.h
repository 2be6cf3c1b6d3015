// Device work that is recorded once and then launched as a whole.
#pragma once

#include <c10/core/Device.h>

#include <functional>
#include <memory>

namespace fer::train {

// A small network's step has hundreds of kernels of a few microseconds: the host launches them more
// slowly than the GPU runs them. Recorded as a CUDA graph they need one launch.
//
// The work must be the same each time: it reads and writes the same tensors, its shapes do not
// change, and it never waits for the device. Random numbers go on from launch to launch.
class DeviceGraph {
 public:
  // Whether this build can record on this device: a CUDA device, and a build with CUDA's headers.
  static bool records_on(c10::Device device);

  explicit DeviceGraph(c10::Device device);
  ~DeviceGraph();
  DeviceGraph(const DeviceGraph&) = delete;
  DeviceGraph& operator=(const DeviceGraph&) = delete;

  // Does `work`: the first few times directly (libraries then choose kernels and allocate
  // workspaces), later by the recording; without support for recording always directly. False if
  // recording failed: nothing was done on the device then, and the graph is unusable.
  [[nodiscard]] bool run(const std::function<void()>& work);

  // Whether there is a recording, which the last run() launched.
  bool recorded() const;

 private:
  class Recording;
  std::unique_ptr<Recording> recording_;
};

// While it lives, this thread's work on a CUDA device uses a separate stream, as recording requires
// during a whole run, because gradients remember the stream of their creation. Does nothing on a
// CPU.
class OwnStream {
 public:
  explicit OwnStream(c10::Device device);
  ~OwnStream();
  OwnStream(const OwnStream&) = delete;
  OwnStream& operator=(const OwnStream&) = delete;

 private:
  class Guard;
  std::unique_ptr<Guard> guard_;
};

}  // namespace fer::train
