from mindspore import nn

from models import build
from models.blocks import Block as B

net = build("net", depth=3)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
