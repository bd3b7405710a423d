# The module that the provisioner beside it applies: one machine for each host of the request, here on Google Cloud. Change what is in it as you
# like; the variables and the output "hosts" are what the provisioner counts on. Project, region and image come from the inventory's settings.

variable "cluster" { type = string }
variable "environment" { type = string }
variable "settings" { type = map(string) }
variable "hosts" {
  type = map(object({ name = string, address = string, dc = string, rack = string }))
}

terraform {
  required_providers {
    google = { source = "hashicorp/google" }
  }
}

provider "google" {
  project = var.settings.project
  region  = var.settings.region
}

# The inventory names addresses before the machines are there, so they are reserved, not given.
resource "google_compute_address" "scylla" {
  for_each     = var.hosts
  name         = each.key
  address      = each.value.address
  address_type = "INTERNAL"
  subnetwork   = var.settings.subnetwork
}

resource "google_compute_instance" "scylla" {
  for_each     = var.hosts
  name         = each.key
  machine_type = var.settings.machine_type
  zone         = "${each.value.dc}-${each.value.rack}"
  tags         = ["scylla", "shadow"]
  labels       = { cluster = var.cluster, environment = var.environment }

  boot_disk {
    initialize_params { image = var.settings.image }
  }

  # Gone with the machine: that is what tearing down means.
  scratch_disk { interface = "NVME" }

  network_interface {
    subnetwork = var.settings.subnetwork
    network_ip = google_compute_address.scylla[each.key].address
  }
}

output "hosts" {
  value = {
    for name, machine in google_compute_instance.scylla : name => {
      address = machine.network_interface[0].network_ip
      dc      = var.hosts[name].dc
      rack    = var.hosts[name].rack
      facts   = { image = var.settings.image, machine_type = machine.machine_type, instance = machine.instance_id }
    }
  }
}
