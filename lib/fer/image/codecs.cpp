#include "fer/image/codecs.h"

#include "fer/core/plugin.h"

namespace fer::image {

const Codecs& codecs() {
  return *static_cast<const Codecs*>(plugin_symbol(kMediaPlugin, kCodecsSymbol));
}

}  // namespace fer::image
