from mindspore import nn


class Generator(nn.Cell):
    def __init__(self, latent, auto_prefix=True):
        super().__init__(auto_prefix=auto_prefix)
        self.model = nn.SequentialCell()
        self.model.append(nn.Dense(latent, 8))
        self.model.append(nn.ReLU())
        self.model.append(nn.Dense(8, 4))
        self.model.append(nn.Tanh())


net = Generator(3)
net.update_parameters_name("generator")
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
