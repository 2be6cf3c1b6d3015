// For builds without CUDA's headers, with or without a LibTorch for CUDA: records nothing.
#include "fer/train/device_graph.h"

namespace fer::train {

class DeviceGraph::Recording {};
class OwnStream::Guard {};

bool DeviceGraph::records_on(c10::Device) { return false; }

DeviceGraph::DeviceGraph(c10::Device) {}
DeviceGraph::~DeviceGraph() = default;
bool DeviceGraph::run(const std::function<void()>& work) {
  work();
  return true;
}
bool DeviceGraph::recorded() const { return false; }

OwnStream::OwnStream(c10::Device) {}
OwnStream::~OwnStream() = default;

}  // namespace fer::train
